import { untrustedLine } from "../../report/untrusted.ts";

/** Text as it stands in HTML, between tags and in attributes: whoever wrote it, it does nothing. */
export function text(value: string | number): string {
	return untrustedLine(String(value)).replaceAll(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A whole page: nothing in it is loaded from elsewhere, and no script runs. */
export function page(title: string, body: string): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${text(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2128; --soft: #59636e; --line: #d1d9e0; --back: #fff; --panel: #f6f8fa;
	--good: #1a7f37; --bad: #cf222e; --bar: #3b76c4; --mark: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --back: #0d1117;
	--panel: #161b22; --good: #4ac26b; --bad: #ff7b72; --bar: #6ca4f0; --mark: #d4a72c; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back); max-width: 68rem;
	margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; } h3 { font-size: 1rem; margin: 1.6rem 0 .3rem; }
p { margin: .4rem 0; } .soft, footer { color: var(--soft); } footer { margin-top: 3rem; font-size: .85rem; }
code, pre { font: .85rem/1.45 ui-monospace, monospace; } code { overflow-wrap: anywhere; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem; overflow-x: auto; margin: .4rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
th { font-weight: 600; white-space: nowrap; } .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tbody tr:hover { background: var(--panel); } td { overflow-wrap: anywhere; } td:first-child { min-width: 8rem; }
a { color: var(--bar); } .good { color: var(--good); } .bad { color: var(--bad); } .mark { color: var(--mark); }
.bar { display: block; height: .75rem; background: var(--bar); border-radius: 2px; min-width: 1px; }
.wide { width: 40%; } .tests, .module { min-width: 13rem; } td.good, td.bad { white-space: nowrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .5rem 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.figures { display: flex; flex-wrap: wrap; gap: .6rem 2rem; margin: 1rem 0; } .figures b { display: block; font-size: 1.4rem; line-height: 1.2; }
.histogram { display: flex; align-items: flex-end; gap: 2px; height: 11rem; border-bottom: 1px solid var(--line); margin-top: 1.5rem; }
.histogram div { flex: 1; display: flex; flex-direction: column; justify-content: flex-end; height: 100%; text-align: center; font-size: .75rem; color: var(--soft); }
.histogram i { display: block; background: var(--bar); border-radius: 2px 2px 0 0; }
.axis { display: flex; justify-content: space-between; font-size: .8rem; color: var(--soft); }
.failure { border-left: 3px solid var(--bad); padding-left: .9rem; margin: .8rem 0 1.4rem; }
@media print { body { max-width: none; } a { color: inherit; } }
`;
