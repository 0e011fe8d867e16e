import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Finding, good, warning } from "./finding.ts";
import type { Project } from "./project.ts";

/** Whether the project is in a git repository, and node_modules is kept out of it. */
export function checkGit({ folder }: Project): Finding {
	const what = "git";
	const folders = foldersToRepository(folder);
	if (folders === undefined) {
		return warning(what, "no repository", "With git init and a commit now and then you can go back to what worked.");
	}
	if (folders.some(ignoresModules)) return good(what, "a repository that leaves node_modules out");
	return warning(what, "node_modules is not ignored", "Put the line node_modules/ into .gitignore.");
}

/** The folders from here up to the repository's, or undefined if there is none. */
function foldersToRepository(folder: string): string[] | undefined {
	if (existsSync(path.join(folder, ".git"))) return [folder];
	const parent = path.dirname(folder);
	if (parent === folder) return undefined;
	const above = foldersToRepository(parent);
	return above === undefined ? undefined : [folder, ...above];
}

function ignoresModules(folder: string): boolean {
	const file = path.join(folder, ".gitignore");
	return existsSync(file) && /^[ \t]*(\*\*\/|\/)?node_modules(\/|\/\*\*?)?[ \t]*$/m.test(readFileSync(file, "utf8"));
}
