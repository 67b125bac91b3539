#!/bin/sh
# Make static/vendor/echarts.min.js again: Apache ECharts with no more than the dashboards draw (lines and bars).
#
# Needs node and npm, and nothing of the rest of the program does. Afterwards put the new sums into
# static/vendor/manifest.json; tests/house/test_face.py says which.
set -eu
cd "$(dirname "$0")/.."
version=5.6.0
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

cat >"$made/charts.js" <<'END'
import { init, use } from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, TooltipComponent, CanvasRenderer]);
window.echarts = { init };
END
printf '{"private": true}' >"$made/package.json"
npm install --prefix "$made" --no-audit --no-fund --silent "echarts@$version" esbuild@0.25.0
banner="/*! Apache ECharts $version (core, line, bar, grid, tooltip, canvas), Apache-2.0, Copyright The Apache Software Foundation */"
"$made/node_modules/.bin/esbuild" "$made/charts.js" --bundle --minify --format=iife --target=es2020 \
    --legal-comments=none --banner:js="$banner" --outfile="$made/echarts.min.js" --log-level=warning
cp "$made/echarts.min.js" static/vendor/echarts.min.js
gzip -9 -n -k -f static/vendor/echarts.min.js
sha256sum static/vendor/echarts.min.js static/vendor/echarts.min.js.gz
