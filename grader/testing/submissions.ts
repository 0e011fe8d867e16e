import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { mutants } from "../../reference/mutants/index.ts";
import { ROOT } from "./command.ts";

/** A server that does nothing, and is right in its shape: no test passes with it. */
export const SILENT = `export const make = () => ({
	start: () => ({ index: -1, term: 0, isLeader: false }),
	getState: () => ({ term: 0, isLeader: false }),
	snapshot() {},
	kill() {},
});
`;

/** The model solution's own files, to be laid beside a submission that is made of it. */
export async function referenceFiles(): Promise<Record<string, string>> {
	const folder = path.join(ROOT, "reference");
	const names = (await readdir(folder)).filter((name) => name.endsWith(".ts") && !name.includes("test"));
	const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), "utf8")));
	return Object.fromEntries(names.map((name, i) => [`reference/${name}`, texts[i] ?? ""]));
}

/**
 * A submission: the model solution, and what it does beside that in each server when it is made.
 *
 * @param code - statements that know `peers`, `me` and the finished `raft`.
 * @param helpers - what else the module declares.
 */
export function rightBut(code: string, helpers = ""): string {
	return `import { make as right } from "./reference/index.ts";

export const make = (peers, me, persister, applyCh) => {
	const raft = right(peers, me, persister, applyCh);
	${code}
	return raft;
};
${helpers}`;
}

/** The files of the model solution with one of our mistakes in it; `reference/index.ts` is the submission. */
export async function mutantFiles(id: string): Promise<Record<string, string>> {
	const mutant = mutants.find((each) => each.id === id);
	if (mutant === undefined) throw new Error(`there is no mutant ${id}`);
	const files = await referenceFiles();
	for (const { file, find, replace } of mutant.edits) {
		const name = `reference/${file}`;
		files[name] = (files[name] ?? "").replace(find, () => replace);
	}
	return files;
}
