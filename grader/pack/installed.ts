import { readFileSync } from "node:fs";
import path from "node:path";

/** The version of a package that a module in a folder would get, found as Node does: in node_modules there or further up. */
export function findInstalled(name: string, from: string): string | undefined {
	for (let folder = from; ; folder = path.dirname(folder)) {
		try {
			const { version } = JSON.parse(readFileSync(path.join(folder, "node_modules", name, "package.json"), "utf8"));
			if (typeof version === "string") return version;
		} catch {
			// Not here.
		}
		if (folder === path.dirname(folder)) return undefined;
	}
}
