import { SourceMap } from "node:module";
import { parse, type Token } from "acorn";
import { transform } from "esbuild";

/** What is left of a source file when comments, types, layout and names are gone. */
export interface TokenizedFile {
	/** The file's name, as a person knows it. */
	readonly file: string;
	/** Its text, as it was handed in. */
	readonly text: string;
	/** Normalised: each name, number or text stands for any. */
	readonly tokens: readonly string[];
	/** The line on which each token is in the text, from 1. */
	readonly lines: readonly number[];
}

/** Larger files are data, or were made by a program. */
const FILE_MAX_CHARACTERS = 500_000;

/**
 * Reads a TypeScript or JavaScript file as tokens. It is only read, never run: esbuild takes the types away and prints what is left in its own
 * layout, so semicolons, quotes, brackets that aren't needed and trailing commas don't tell two files apart.
 *
 * @returns the tokens, or in one sentence why there are none.
 */
export async function tokenize(file: string, text: string): Promise<TokenizedFile | string> {
	if (text.length > FILE_MAX_CHARACTERS) return `${file} is too large: ${text.length} characters`;
	let code: string;
	let map: string;
	try {
		({ code, map } = await transform(text, {
			loader: "ts",
			target: "es2022",
			format: "esm",
			sourcemap: "external",
			sourcesContent: false,
			legalComments: "none",
			charset: "utf8",
			supported: { "top-level-await": true },
			tsconfigRaw: {},
			logLevel: "silent",
		}));
	} catch {
		return `${file} does not compile`;
	}
	try {
		return { file, text, ...read(code, new SourceMap(JSON.parse(map))) };
	} catch {
		// Nested so deeply that the parser gives up.
		return `${file} cannot be parsed`;
	}
}

function read(code: string, map: SourceMap): { tokens: string[]; lines: number[] } {
	const found: Token[] = [];
	const program = parse(code, { ecmaVersion: "latest", sourceType: "module", locations: true, onToken: found });
	// Which modules a file imports says little, and moving code to another file changes it.
	const dropped = program.body.filter(
		(node) =>
			node.type === "ImportDeclaration" ||
			node.type === "ExportAllDeclaration" ||
			(node.type === "ExportNamedDeclaration" && !node.declaration),
	);
	const tokens: string[] = [];
	const lines: number[] = [];
	let next = 0;
	let line = 1;
	for (const token of found) {
		while (dropped[next] !== undefined && token.start >= (dropped[next]?.end ?? 0)) next++;
		if (token.start >= (dropped[next]?.start ?? Number.POSITIVE_INFINITY)) continue;
		const normalized = normalize(token);
		if (normalized === undefined) continue;
		const at = token.loc?.start ?? { line: 1, column: 0 };
		const { originalLine } = map.findEntry(at.line - 1, at.column) as { originalLine?: number };
		// What has no place of its own stands where the token before it does.
		if (originalLine !== undefined) line = originalLine + 1;
		tokens.push(normalized);
		lines.push(line);
	}
	return { tokens, lines };
}

/** Names that are part of the language, although the parser takes them for names. */
const KEPT_NAMES = new Set(["async", "await", "of", "undefined"]);

function normalize(token: Token): string | undefined {
	const { type, value } = token as Token & { readonly value?: unknown };
	switch (type.label) {
		case "eof":
		case "export":
			return undefined;
		case "name":
			return typeof value === "string" && KEPT_NAMES.has(value) ? value : "name";
		case "privateId":
			return "name";
		case "num":
		case "bigint":
			return "number";
		case "string":
		case "template":
		case "invalidTemplate":
			return "text";
		case "const":
		case "var":
			return "let";
		default:
			// What an operator is, its label only says together with its value.
			return typeof value === "string" ? value : type.label;
	}
}
