import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import path from "node:path";
import type { Plugin } from "esbuild";

/**
 * Keeps a submission to its own files, and the packages that are installed for it. Any other file of the host's
 * (somebody else's submission, the environment under /proc) could be imported too, as JSON or as text.
 *
 * @param folder - where its own files are.
 */
export function ownFiles(folder: string): Plugin {
	return {
		name: "own-files",
		setup(build) {
			build.onLoad({ filter: /^/, namespace: "file" }, async ({ path: file }) => {
				const [root, real] = await Promise.all([realpath(folder), realpath(file).catch(() => undefined)]);
				// The bundler says that it isn't there. It may have thought so because of a file whose name differs in case.
				if (real === undefined) return undefined;
				if (isWithin(root, real) || isInstalledFor(root, real)) return undefined;
				return { errors: [{ text: `${file} lies outside of the submission's folder` }] };
			});
		},
	};
}

/** The nearest folder with a package.json, here or further up, or else the folder itself. */
export function packageFolder(folder: string): string {
	for (let at = folder; at !== path.dirname(at); at = path.dirname(at)) {
		if (existsSync(path.join(at, "package.json"))) return at;
	}
	return folder;
}

function isWithin(folder: string, file: string): boolean {
	return file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}

/** Whether the file belongs to a package in a node_modules folder in which Node would look for it. */
function isInstalledFor(folder: string, file: string): boolean {
	const [above, ...below] = file.split(`${path.sep}node_modules${path.sep}`);
	return below.length > 0 && (above === "" || isWithin(above as string, folder));
}
