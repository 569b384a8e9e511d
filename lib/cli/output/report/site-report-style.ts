/** Styles of the report in addition to the page's own; colours are the page's, one per meaning. */
export const SITE_REPORT_STYLE = `
main{overflow-wrap:anywhere}
.period{margin:0 0 14px;max-width:none}
.verdict{font-size:19px;font-weight:600;max-width:none;margin:0 0 12px;padding:12px 16px;border-left:5px solid;border-radius:4px;color:var(--text);background:var(--grid)}
.verdict.quiet{border-color:var(--series-2);background:color-mix(in srgb,var(--series-2) 16%,var(--background))}.verdict.alarming{border-color:var(--series-1);background:color-mix(in srgb,var(--series-1) 16%,var(--background))}.verdict.unsure{border-color:var(--series-4);background:color-mix(in srgb,var(--series-4) 16%,var(--background))}
.figures{list-style:none;padding:0;margin:12px 0 4px;display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:12px}
.figures li{border:1px solid var(--grid);border-radius:6px;padding:10px 14px;color:var(--muted);font-size:13px;line-height:1.35}
.figures b{display:block;color:var(--text);font-size:22px;font-variant-numeric:tabular-nums}
a{color:inherit}
.bad{color:var(--series-1);font-weight:600}.doubtful{color:var(--muted);font-weight:600}
td.text,th:nth-child(2):last-child{text-align:left;white-space:normal;min-width:150px}
.news th:nth-child(3),.losses th:nth-child(3){text-align:left}
.addresses{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:14px;margin:12px 0}
article{border:1px solid var(--grid);border-radius:6px;padding:12px 16px;min-width:0}
article h3{font-size:15px}article h3 small{color:var(--muted);font-weight:400}article p{margin:2px 0 6px}
.mark{font-size:12px;font-weight:400;border:1px solid var(--muted);border-radius:4px;padding:0 5px;margin-left:4px}
.seen{display:flex;flex-wrap:wrap;gap:4px 14px;align-items:end;font-size:13px}.sparkline{flex:none}
dl{display:grid;grid-template-columns:max-content 1fr;gap:3px 14px;margin:0;font-size:14px}
dt{color:var(--muted);font-variant-numeric:tabular-nums;display:flex;justify-content:space-between;gap:12px}dt b{color:var(--text);font-weight:600}
dd{margin:0;min-width:0}.id{font-size:12px;font-family:ui-monospace,monospace;max-width:none}
.remarks{margin:0 0 14px;padding-left:20px;color:var(--muted)}
.report-charts{grid-template-columns:repeat(auto-fill,minmax(min(100%,420px),1fr))}figcaption{font-weight:600}
@media (max-width:560px){dl{grid-template-columns:1fr}dd{margin-bottom:4px}dt{justify-content:flex-start}}
`;
