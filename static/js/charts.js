/* Charts over their tables: data come as JSON in the page, ECharts is fetched only where a chart stands.
   The option is plain data: {kind: "bar"|"line"|"funnel", labels: [...], series: [{name, data, links?}]}. */

const LIBRARY = new URL("../vendor/echarts.common.min.js", import.meta.url);
const COLOURS = ["#1f5fbf", "#0e7a41", "#c77700", "#5b4bc4", "#5f6875"];
let loading;

function library(figure) {
  const source = figure.dataset.library || document.querySelector("meta[name=echarts]")?.content || LIBRARY.href;
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  });
  return loading;
}

function option(data, size) {
  const text = { fontFamily: "inherit", fontSize: size, color: "#4e5969" };
  const base = {
    color: COLOURS,
    animation: false,
    textStyle: text,
    tooltip: { trigger: data.kind === "funnel" ? "item" : "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
  };
  if (data.kind === "funnel") {
    const rows = data.labels.map((name, i) => ({ name, value: data.series[0].data[i] }));
    return { ...base, series: [{ type: "funnel", sort: "none", gap: 2, left: 0, right: 0, minSize: "12%", data: rows, label: { position: "inside", formatter: "{b} {c}", fontSize: size } }] };
  }
  const lying = data.kind === "bar-lying";
  const names = { type: "category", data: data.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: "#c9cdd4" } }, axisLabel: text, inverse: lying };
  const values = { type: "value", minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: "#e5e6eb" } } };
  return {
    ...base,
    legend: { show: data.series.length > 1, top: 0, left: 0, textStyle: text, icon: "roundRect" },
    grid: { left: 4, right: 16, top: data.series.length > 1 ? 40 : 16, bottom: 4, containLabel: true },
    xAxis: lying ? values : names,
    yAxis: lying ? names : values,
    series: data.series.map((one) => ({
      name: one.name,
      data: one.data,
      type: data.kind === "line" ? "line" : "bar",
      stack: one.stack,
      barMaxWidth: 28,
      symbolSize: 7,
      label: { show: data.series.length === 1, position: lying ? "right" : "top", fontSize: size, color: "#1d2129" },
    })),
  };
}

async function chart(figure) {
  const data = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const canvas = figure.querySelector(".chart-canvas");
  if (!data.labels?.length) return;
  let echarts;
  try {
    echarts = await library(figure);
  } catch {
    return; // the table says the same
  }
  canvas.hidden = false;
  figure.querySelector(".chart-table").open = false;
  const size = Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8125);
  const drawing = echarts.init(canvas, null, { renderer: "canvas" });
  drawing.setOption(option(data, size));
  drawing.on("click", (event) => {
    const link = data.series[event.seriesIndex]?.links?.[event.dataIndex];
    if (link) window.location.assign(link);
  });
  new ResizeObserver(() => drawing.resize()).observe(canvas);
}

// Paper gets the table, which is folded away on the screen.
window.addEventListener("beforeprint", () => {
  for (const table of document.querySelectorAll(".chart-table")) table.open = true;
});

export function charts(root) {
  for (const figure of root.querySelectorAll("[data-chart]")) chart(figure);
}
