/** Styles of the report in addition to the page's own; colours are the page's. */
export const REPORT_STYLE = `
main{overflow-wrap:anywhere}
.period{margin:0 0 14px}
.verdict{font-size:19px;font-weight:600;max-width:none;margin:0 0 12px;padding:12px 16px;border-left:5px solid;border-radius:4px;color:var(--text);background:var(--grid)}
.verdict p{margin:0;color:inherit;max-width:none}.verdict ul{margin:6px 0 0;padding-left:22px;font-size:15px;font-weight:400}
.verdict.ready{border-color:var(--series-2);background:color-mix(in srgb,var(--series-2) 16%,var(--background))}.verdict.not-ready{border-color:var(--series-1);background:color-mix(in srgb,var(--series-1) 16%,var(--background))}
.remarks{margin:0 0 14px;padding-left:20px;color:var(--muted);max-width:90ch}
.passed{color:var(--series-2);font-weight:600}.failed{color:var(--series-1);font-weight:600}
.flips th{white-space:normal}
table.gates{min-width:min(100%,560px)}table.gates td:nth-child(3){color:var(--muted)}
.figures{list-style:none;padding:0;margin:12px 0 4px;display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px}
.figures li{border:1px solid var(--grid);border-radius:6px;padding:10px 14px;color:var(--muted);font-size:13px;line-height:1.35}
.figures b{display:block;color:var(--text);font-size:22px;font-variant-numeric:tabular-nums}
.report-charts{grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:28px 32px;margin-top:24px}
.report-charts figure{display:flex;flex-direction:column}.report-charts .chart{margin-top:auto}
figcaption{font-weight:600}.report-charts .legend{margin:2px 0 4px;font-size:13px;color:var(--muted)}
.swatch{height:10px}
.addresses{display:grid;gap:14px;margin:12px 0}
article{border:1px solid var(--grid);border-radius:6px;padding:12px 16px;min-width:0;overflow-wrap:anywhere}
article h3{font-size:15px}article h3 small{color:var(--muted);font-weight:400}
.scores{max-width:none;margin:2px 0 8px}.scores b{color:var(--text)}.flip{color:var(--series-1)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:3px 14px;margin:0;font-size:14px}
dt{color:var(--muted);font-variant-numeric:tabular-nums;display:flex;justify-content:space-between;gap:12px}dt b{color:var(--text);font-weight:600}
dd{margin:0;min-width:0}.id{font-size:12px;margin:8px 0 0;font-family:ui-monospace,monospace;max-width:none}
@media (max-width:560px){dl{grid-template-columns:1fr}dd{margin-bottom:4px}dt{justify-content:flex-start}}
`;
