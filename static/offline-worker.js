"use strict";
// Shows a page in the house's own words where the browser could load none. It keeps that page and nothing else:
// no page with customers is ever stored.
const KEPT = "huifang-offline-1";
const PAGE = "/static/offline.html";
const FILES = [PAGE, "/static/vendor/tabler.min.css", "/static/css/huifang.css", "/static/js/theme.js", "/static/js/offline.js", "/static/img/mark.svg", "/static/img/favicon.svg"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)))));
});

self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match(PAGE)));
  } else if (FILES.includes(path)) {
    event.respondWith(fetch(event.request).catch(() => caches.match(event.request, { ignoreSearch: true })));
  }
});
