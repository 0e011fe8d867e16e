interface ParsedPath {
	root: string;
	dir: string;
	base: string;
	ext: string;
	name: string;
}

// The segments without "." and with ".." applied. Above the root there is nothing.
function simplified(path: string, rooted: boolean): string {
	const kept: string[] = [];
	for (const segment of path.split("/")) {
		if (segment === "" || segment === ".") continue;
		if (segment !== "..") kept.push(segment);
		else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
		else if (!rooted) kept.push("..");
	}
	return kept.join("/");
}

function normalize(path: string): string {
	if (path === "") return ".";
	const rooted = path.startsWith("/");
	const simple = simplified(path, rooted);
	if (simple === "") return rooted ? "/" : path.endsWith("/") ? "./" : ".";
	return (rooted ? "/" : "") + simple + (path.endsWith("/") ? "/" : "");
}

function join(...paths: string[]): string {
	return normalize(paths.filter((path) => path !== "").join("/"));
}

// The working directory of every machine is "/".
function resolve(...paths: string[]): string {
	const from = paths.findLastIndex((path) => path.startsWith("/"));
	return `/${simplified(paths.slice(Math.max(from, 0)).join("/"), true)}`;
}

function relative(from: string, to: string): string {
	const segments = (path: string) =>
		resolve(path)
			.split("/")
			.filter((segment) => segment !== "");
	const [a, b] = [segments(from), segments(to)];
	let same = 0;
	while (same < Math.min(a.length, b.length) && a[same] === b[same]) same++;
	return [...a.slice(same).map(() => ".."), ...b.slice(same)].join("/");
}

function dirname(path: string): string {
	const upToLast = path.replace(/\/+$/, "").replace(/[^/]*$/, "");
	if (upToLast === "") return path.startsWith("/") ? "/" : ".";
	// Two slashes at the front, and no more, may mean something to a system.
	return upToLast === "/" || upToLast === "//" ? upToLast : upToLast.slice(0, -1);
}

function basename(path: string, suffix = ""): string {
	const base = /([^/]*)\/*$/.exec(path)?.[1] ?? "";
	return suffix !== "" && base !== suffix && base.endsWith(suffix) ? base.slice(0, -suffix.length) : base;
}

function extname(path: string): string {
	const base = basename(path);
	return base === ".." ? "" : (/[^/](\.[^./]*)$/.exec(base)?.[1] ?? "");
}

function parse(path: string): ParsedPath {
	const root = path.startsWith("/") ? "/" : "";
	const base = basename(path);
	const ext = extname(path);
	const slash = path.replace(/\/+$/, "").lastIndexOf("/");
	const dir = slash > 0 ? path.slice(0, slash) : root;
	return { root, dir, base, ext, name: base.slice(0, base.length - ext.length) };
}

function format({ root = "", dir = root, base, name = "", ext = "" }: Partial<ParsedPath>): string {
	const last = base ?? name + (ext === "" || ext.startsWith(".") ? ext : `.${ext}`);
	return dir === "" ? last : dir === root ? dir + last : `${dir}/${last}`;
}

/** `node:path`, which is that of POSIX. */
export function createPath(): Record<string, unknown> {
	const isAbsolute = (path: string) => path.startsWith("/");
	const members = { normalize, join, resolve, relative, dirname, basename, extname, parse, format, isAbsolute };
	const path: Record<string, unknown> = {
		...members,
		sep: "/",
		delimiter: ":",
		toNamespacedPath: (name: string) => name,
	};
	path.posix = path;
	return path;
}
