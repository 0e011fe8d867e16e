import { printable } from "../../harness/printable.ts";
import { untrustedLine } from "../report/untrusted.ts";
import { escapeXml } from "../report/xml.ts";
import type { ComparedSource, SimilarityReport, SimilarPair } from "./compare.ts";
import { groupsOf } from "./groups.ts";
import { matchedRegions, type Region } from "./regions.ts";
import { explanation, percent } from "./table.ts";

/** So many pairs have a page of their own. */
const PAGES_MAX = 200;
/** Nobody reads longer lines. */
const LINE_MAX = 300;

/** The page of the nth pair, from 0, as the table links to it; undefined if it has none. */
export function pageOf(index: number): string | undefined {
	return index < PAGES_MAX ? `similar/${index + 1}.html` : undefined;
}

/**
 * The pages: similar.html, the table of all pairs, and one with the two side by side for each of the first. They need nothing from elsewhere,
 * and no script.
 *
 * @returns text by file name.
 */
export function* similarPages(report: SimilarityReport): Generator<readonly [file: string, text: string]> {
	yield ["similar.html", overview(report)];
	for (const [i, pair] of report.pairs.slice(0, PAGES_MAX).entries()) yield [pageOf(i) ?? "", sideBySide(pair)];
}

function overview(report: SimilarityReport): string {
	const { pairs, compared, notes } = report;
	const groups = groupsOf(pairs);
	const rows = pairs.map(({ a, b, share }, i) => {
		const page = pageOf(i);
		const alike = page === undefined ? percent(share) : `<a href="${page}">${percent(share)}</a>`;
		const group = groups.findIndex((names) => names.includes(a.name));
		const size = groups[group]?.length ?? 0;
		const belongs = size > 2 ? `${group + 1} (${size})` : "";
		return `<tr><td class="figure">${alike}</td><td>${text(a.name)}</td><td>${text(b.name)}</td><td>${belongs}</td></tr>`;
	});
	const table =
		pairs.length === 0
			? "<p>No two submissions are alike beyond chance.</p>"
			: `<table><thead><tr><th class="figure">alike</th><th colspan="2">submissions</th><th>group (of)</th></tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody></table>`;
	const aside = notes.map(({ name, note }) => `<li>${text(name)}: ${text(note)}</li>`).join("\n");
	return page(
		"Submissions that are alike",
		`<main>
<h1>Submissions that are alike</h1>
<p>${compared} submissions compared, ${pairs.length} pairs alike beyond chance. ${escapeXml(explanation(report))}</p>
${table}
${aside === "" ? "" : `<h2>Not compared</h2>\n<ul>\n${aside}\n</ul>`}
</main>`,
	);
}

function sideBySide(pair: SimilarPair): string {
	const { a, b, share } = pair;
	const regions = matchedRegions(pair);
	const tokens = regions.reduce((sum, region) => sum + region.tokens, 0);
	const covered = (source: ComparedSource) => percent(source.ownTokens === 0 ? 0 : tokens / source.ownTokens);
	return page(
		`${untrustedLine(a.name)} and ${untrustedLine(b.name)}`,
		`<header>
<h1>${text(a.name)} and ${text(b.name)}: ${percent(share)} alike</h1>
<p>${regions.length} passages match: ${covered(a)} of what is the left one's own, and not the template's, and ${covered(b)} of the right one's. A number leads to
the same passage on the other side. Names, figures, texts, types and comments are not looked at. <a href="../similar.html">All pairs</a></p>
</header>
<div class="sides">
${side(a, "a", regions)}
${side(b, "b", regions)}
</div>`,
	);
}

function side(source: ComparedSource, which: "a" | "b", regions: readonly Region[]): string {
	const labelled = new Set<number>();
	const files = source.files.map(({ file, text: code }, index) => {
		const lines = code.split(/\r\n|[\n\r\u2028\u2029]/);
		const regionOf = new Map<number, number>();
		for (const [number, region] of regions.entries()) {
			const { file: at, fromLine, toLine } = region[which];
			if (at !== index) continue;
			for (let line = fromLine; line <= toLine; line++) if (!regionOf.has(line)) regionOf.set(line, number);
		}
		const rows = lines.map((line, i) => {
			const region = regionOf.get(i + 1);
			const marked = region === undefined ? "" : ` class="h${region % HUES.length}"`;
			let label = "";
			if (region !== undefined && !labelled.has(region)) {
				labelled.add(region);
				const other = which === "a" ? "b" : "a";
				label = `<a id="${which}${region + 1}" href="#${other}${region + 1}">${region + 1}</a>`;
			}
			return `<tr${marked}><th>${label}</th><td class="line">${i + 1}</td><td><code>${codeLine(line)}</code></td></tr>`;
		});
		return `<h3>${text(file)}</h3>\n<table class="code">\n${rows.join("\n")}\n</table>`;
	});
	return `<section aria-label="${text(source.name)}">\n<h2>${text(source.name)}</h2>\n${files.join("\n")}\n</section>`;
}

/** A name, or a sentence with one in it. */
function text(untrusted: string): string {
	return escapeXml(untrustedLine(untrusted));
}

function codeLine(line: string): string {
	const short = line.length > LINE_MAX ? `${line.slice(0, LINE_MAX)}…` : line;
	return escapeXml(printable(short)).replaceAll("\t", "    ");
}

/** Tints of the passages, which follow each other; their numbers tell them apart, too. */
const HUES = [50, 140, 200, 270, 330, 20];

function page(title: string, body: string): string {
	const tints = HUES.map((hue, i) => `.h${i} { --hue: ${hue}; }`).join("\n");
	return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>${escapeXml(title)}</title>
<style>
:root { color-scheme: light dark; --text: #1b1f24; --quiet: #636c76; --back: #fff; --edge: #d0d7de; --tint: 70% 90%; --link: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --quiet: #8b949e; --back: #0d1117; --edge: #30363d; --tint: 40% 20%; --link: #79b8ff; } }
* { box-sizing: border-box; }
body { margin: 0; color: var(--text); background: var(--back); font: 15px/1.45 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
header { padding: .6rem 1rem; border-bottom: 1px solid var(--edge); }
h1 { font-size: 1.3rem; margin: 0 0 .3rem; overflow-wrap: anywhere; }
header p { margin: 0; color: var(--quiet); }
h2 { font-size: 1rem; overflow-wrap: anywhere; }
h3 { font-size: .85rem; margin: .8rem 0 .3rem; color: var(--quiet); overflow-wrap: anywhere; }
a { color: var(--link); }
main table { border-collapse: collapse; width: 100%; }
main th, main td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--edge); overflow-wrap: anywhere; }
main .figure { text-align: right; white-space: nowrap; width: 5rem; }
body:has(.sides) { display: flex; flex-direction: column; height: 100vh; }
.sides { display: grid; grid-template-columns: 1fr 1fr; flex: 1; min-height: 0; }
section { overflow: auto; padding: 0 .6rem 1rem; border-right: 1px solid var(--edge); }
.code { border-collapse: collapse; font: 12px/1.4 ui-monospace, monospace; }
.code code { font: inherit; white-space: pre; }
.code th { width: 2.2rem; text-align: right; padding: 0 .3rem; font-weight: 600; }
.code .line { color: var(--quiet); text-align: right; padding: 0 .6rem 0 .2rem; user-select: none; }
.code td:last-child { width: 100%; padding-right: .6rem; }
tr[class^="h"] td:last-child { background: hsl(var(--hue) var(--tint)); }
a:target { outline: 2px solid var(--link); }
${tints}
</style>
</head>
<body>
${body}
</body>
</html>
`;
}
