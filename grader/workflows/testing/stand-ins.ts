import path from "node:path";
import type { Runner } from "./job-runner.ts";

/** Does what an action of GitHub's does, as far as our files ask for it. Returns what it prints; throws if the action fails. */
type StandIn = (given: Readonly<Record<string, string>>, runner: Runner) => Promise<string>;

/** By what a step `uses`, so that another version is noticed. */
export const standIns: Readonly<Record<string, StandIn>> = {
	"actions/setup-node@v4": async (given) => {
		const { version } = read(given, { "node-version": "version" });
		if (!/^\d+(\.\d+)*$/.test(version ?? "")) throw new Error(`"${version}" is not a version of Node`);
		return `node ${version}\n`;
	},
	"actions/checkout@v4": async (given, { github, repository, workspace }) => {
		const wanted = read(given, { repository: "repository", ref: "ref", path: "path", "persist-credentials": "keeps" });
		if (wanted.keeps !== "false") throw new Error("the token must not stay where a submission is");
		// As in the real one, an empty repository is the caller's own.
		await github.checkOut(wanted.repository || repository, wanted.ref, workspace, wanted.path ?? ".");
		return "";
	},
	"actions/upload-artifact@v4": async (given, { github }) => {
		const wanted = read(given, { name: "name", path: "path", overwrite: "overwrite", "if-no-files-found": "missing" });
		await github.upload(wanted.name ?? "artifact", wanted.path ?? "");
		return "";
	},
	"actions/download-artifact@v4": async (given, { github, workspace }) => {
		const wanted = read(given, { pattern: "pattern", path: "path", "merge-multiple": "merge" });
		if (wanted.merge !== "true" || wanted.pattern?.endsWith("*") !== true)
			throw new Error("only prefix* is known here");
		await github.download(wanted.pattern.slice(0, -1), path.join(workspace, wanted.path ?? "."));
		return "";
	},
};

/** Renames inputs, and refuses those that nobody has thought of. */
function read<Name extends string>(
	given: Readonly<Record<string, string>>,
	names: Readonly<Record<string, Name>>,
): Partial<Record<Name, string>> {
	const wanted: Partial<Record<Name, string>> = {};
	for (const [input, value] of Object.entries(given)) {
		const name = names[input];
		if (name === undefined) throw new Error(`the input ${input} is not known here`);
		wanted[name] = value;
	}
	return wanted;
}
