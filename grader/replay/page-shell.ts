import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Where the data goes. */
const PLACE = "@@journal@@";

/** A page around the data that is yet to be put into it. */
export interface PageShell {
	readonly before: string;
	readonly after: string;
}

/** The page without a run: built with the package, or in a clone bundled when it is first wanted. */
export async function pageShell(): Promise<PageShell> {
	const built = fileURLToPath(new URL("./page.bundle.html", import.meta.url));
	const html = existsSync(built) ? await readFile(built, "utf8") : await bundlePage();
	const [before = "", after = ""] = html.split(PLACE);
	return { before, after };
}

/** Bundles the page: one file that needs no other, and is allowed to ask for none. */
export async function bundlePage(): Promise<string> {
	const esbuild = await import("esbuild");
	const folder = new URL("./page/", import.meta.url);
	const [body, css] = await Promise.all(
		["page.html", "page.css"].map((name) => readFile(new URL(name, folder), "utf8")),
	);
	const { outputFiles } = await esbuild.build({
		entryPoints: [fileURLToPath(new URL("main.ts", folder))],
		absWorkingDir: fileURLToPath(folder),
		bundle: true,
		format: "iife",
		target: "es2022",
		minify: true,
		charset: "utf8",
		logLevel: "silent",
		write: false,
	});
	const { code: style } = await esbuild.transform(css ?? "", { loader: "css", minify: true });
	// An end tag in a string must not end the script.
	const script = (outputFiles[0]?.text ?? "").replaceAll("</script", "<\\/script");
	const policy = [
		"default-src 'none'",
		`script-src '${hashOf(script)}'`,
		`style-src '${hashOf(style)}'`,
		"img-src data:",
		"base-uri 'none'",
		"form-action 'none'",
	].join("; ");
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>raft-grade</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
${body}<script type="application/json" id="journal">${PLACE}</script>
<script>${script}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
	return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
