"use strict";
// Draws the charts of a page from the tables that say the same. Every mark opens the link of its row; whoever reads by
// ear, by keys or without scripts has the table. Drawn after the first paint, and only once a chart comes near the screen.
(() => {
  const root = document.documentElement;
  const ink = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  const read = (table) => {
    const heads = [...table.tHead.rows[0].cells].slice(1);
    const rows = [...table.tBodies[0].rows];
    return {
      kind: table.dataset.chart,
      unit: table.dataset.unit,
      labels: rows.map((row) => row.cells[0].querySelector("a").textContent.trim()),
      links: rows.map((row) => row.cells[0].querySelector("a").href),
      words: rows.map((row) => [...row.cells].slice(1).map((cell) => cell.textContent.trim())),
      broken: rows.map((row) => "broken" in row.dataset),
      heads: heads.map((head) => head.textContent.trim()),
      series: heads.map((head, place) => ({
        kind: head.dataset.series,
        values: rows.map((row) => {
          const value = row.cells[place + 1].dataset.value;
          return value === undefined ? null : Number(value);
        }),
      })).filter((one) => one.kind),
    };
  };

  const bounds = (told) => {
    const known = told.series.flatMap((one) => one.values).filter((value) => value !== null);
    if (told.unit !== "%" || !known.length) return {};
    const room = Math.max(10, Math.min(100, 105 - Math.min(...known)));
    const interval = room <= 20 ? 5 : room <= 50 ? 10 : 20; // lines at round figures that end at 100
    return { min: 100 - Math.ceil(room / interval) * interval, max: 100, interval };
  };

  const line = (told) => ({
    grid: { left: 8, right: 16, top: 16, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: told.labels, axisLabel: { color: ink("--hf-quiet"), hideOverlap: true }, axisLine: { lineStyle: { color: ink("--hf-line") } }, axisTick: { show: false } },
    yAxis: { type: "value", scale: true, splitNumber: 4, ...bounds(told), axisLabel: { color: ink("--hf-quiet"), formatter: `{value}${told.unit}` }, splitLine: { lineStyle: { color: ink("--hf-line") } } },
    series: told.series.map((one) => one.kind === "target"
      ? { type: "line", data: one.values, symbol: "none", silent: true, lineStyle: { color: ink("--hf-quiet"), type: "dashed", width: 1 } }
      : { type: "line", data: one.values.map((value, place) => ({ value, itemStyle: { color: ink(told.broken[place] ? "--hf-late" : "--hf-accent") } })), symbol: "circle", symbolSize: 8, connectNulls: false, lineStyle: { color: ink("--hf-accent"), width: 2 } }),
  });

  const bars = (told) => ({
    grid: { left: 8, right: 56, top: 4, bottom: 4, containLabel: true },
    xAxis: { type: "value", show: false, axisLabel: { show: false }, min: 0, ...(told.unit === "%" ? { max: 100 } : {}) },
    yAxis: { type: "category", inverse: true, data: told.labels, axisLabel: { color: ink("--hf-ink"), width: 120, overflow: "truncate" }, axisLine: { lineStyle: { color: ink("--hf-line") } }, axisTick: { show: false } },
    series: [{
      type: "bar", data: told.series[0].values, barMaxWidth: 18, itemStyle: { color: ink("--hf-accent"), borderRadius: 2 },
      label: { show: true, position: "right", color: ink("--hf-ink"), formatter: (mark) => told.words[mark.dataIndex][0] },
    }],
  });

  const pareto = (told) => ({
    grid: { left: 8, right: 8, top: 24, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: told.labels, axisLabel: { color: ink("--hf-quiet"), interval: 0, width: Math.min(72, (told.room - 80) / told.labels.length - 4), overflow: "break" }, axisLine: { lineStyle: { color: ink("--hf-line") } }, axisTick: { show: false } },
    yAxis: [
      { type: "value", minInterval: 1, axisLabel: { color: ink("--hf-quiet") }, splitLine: { lineStyle: { color: ink("--hf-line") } } },
      { type: "value", show: told.labels.length > 1, min: 0, max: 100, axisLabel: { color: ink("--hf-quiet"), formatter: "{value}%" }, splitLine: { show: false } },
    ],
    series: [
      { type: "bar", data: told.series[0].values, barMaxWidth: 36, itemStyle: { color: ink("--hf-accent"), borderRadius: 2 }, label: { show: true, position: "top", color: ink("--hf-ink") } },
      { type: "line", yAxisIndex: 1, data: told.labels.length > 1 ? told.series[1].values : [], symbol: "circle", symbolSize: 6, itemStyle: { color: ink("--hf-today") }, lineStyle: { color: ink("--hf-today"), width: 1.5 } },
    ],
  });

  const tip = (told) => ({
    trigger: "item", renderMode: "richText", confine: true,
    backgroundColor: ink("--hf-surface"), borderColor: ink("--hf-line"), textStyle: { color: ink("--hf-ink"), fontSize: 13 },
    formatter: (mark) => [told.labels[mark.dataIndex], ...told.heads.map((head, place) => `${head}: ${told.words[mark.dataIndex][place]}`)].join("\n"),
  });

  const HIGH = { line: () => 220, pareto: () => 240, bar: (told) => 16 + told.labels.length * 28 };
  const MADE = { line, bar: bars, pareto };

  const tableOf = (place) => place.parentElement.querySelector("table[data-chart]");

  const draw = (place) => {
    const told = { ...read(tableOf(place)), room: place.clientWidth };
    const chart = place.chart ?? window.echarts.init(place, null, { renderer: "canvas" });
    if (!place.chart) {
      place.chart = chart;
      chart.on("click", (mark) => { window.location.assign(told.links[mark.dataIndex]); });
      new ResizeObserver(() => chart.resize()).observe(place);
    }
    chart.setOption({ animation: !still, animationDuration: 250, tooltip: tip(told), textStyle: { fontFamily: getComputedStyle(document.body).fontFamily }, ...MADE[told.kind](told) }, true);
    place.dataset.drawn = "yes";
  };

  const places = () => [...document.querySelectorAll("[data-chart-draw]")];
  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-chart-toggle]");
    if (!toggle) return;
    const open = toggle.closest(".chart").classList.toggle("as-table");
    toggle.setAttribute("aria-expanded", String(open));
  });
  if (!window.echarts) return;
  const near = new IntersectionObserver((entries) => entries.forEach((entry) => {
    if (!entry.isIntersecting) return;
    near.unobserve(entry.target);
    requestAnimationFrame(() => draw(entry.target));
  }), { rootMargin: "200px" });
  // The height is kept free from the start, so that nothing moves under the reader while charts are drawn one by one.
  const expect = (place) => {
    const told = read(tableOf(place));
    place.style.minHeight = `${HIGH[told.kind](told)}px`;
    near.observe(place);
  };
  places().forEach(expect);
  document.addEventListener("htmx:afterSettle", (event) => {
    event.target.querySelectorAll("[data-chart-draw]").forEach(expect);
  });
  window.addEventListener("beforeprint", () => places().forEach(draw));
  new MutationObserver(() => places().filter((place) => place.chart).forEach(draw))
    .observe(root, { attributes: true, attributeFilter: ["data-bs-theme"] });
})();
