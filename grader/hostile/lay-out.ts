import { execFileSync } from "node:child_process";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { ROOT } from "../testing/command.ts";
import type { Hostile } from "./hostile.ts";

/** A server that is never a leader: it passes nothing. */
const STUB = `
export const make = () => ({
	start: () => ({ index: -1, term: 0, isLeader: false }),
	getState: () => ({ term: 0, isLeader: false }),
	snapshot: () => {},
	kill: () => {},
});
`;

/**
 * Lays a hostile submission out in a new folder.
 *
 * @param solution - what its act is added to: the model solution, or one that passes nothing.
 */
export async function layOut(hostile: Hostile, solution: "reference" | "stub", folder: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	await cp(path.join(ROOT, "reference"), path.join(folder, "reference"), {
		recursive: true,
		filter: (file) => !/mutants|styles|\.test\.ts$|\.md$/.test(path.relative(ROOT, file)),
	});
	const files = { "stub.ts": STUB, "raft.ts": withAct(hostile, solution), ...hostile.files };
	for (const [name, text] of Object.entries(files)) {
		await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
		await writeFile(path.join(folder, name), text);
	}
	for (const [name, target] of Object.entries(hostile.links ?? {})) await symlink(target, path.join(folder, name));
	for (const name of hostile.pipes ?? []) execFileSync("mkfifo", [path.join(folder, name)]);
}

function withAct({ act = {} }: Hostile, solution: "reference" | "stub"): string {
	const { module = "", before = "", after = "", onCommand } = act;
	return `
import { debug, decode, encode, sleep } from "raft-grade";
import { make as honest } from "./${solution === "stub" ? "stub" : "reference/index"}.ts";

const RealFunction = Function;
const realError = Error;
function found(what, value) {
	if (value === null || (typeof value !== "object" && typeof value !== "function")) return;
	const maker = value.constructor?.constructor;
	if (maker !== undefined && maker !== RealFunction) throw new realError("ESCAPED by " + what);
}
const tried = (f) => { try { return f(); } catch (thrown) { return thrown; } };
const used = [debug, decode, encode, sleep, found, tried];

${module}

export const make = (peers, me, persister, applyCh) => {
	${before}
	const server = honest(peers, me, persister, applyCh);
	${after}
	${onCommand === undefined ? "" : `const start = server.start.bind(server); server.start = (command) => { ${onCommand}\n return start(command); };`}
	return server;
};
`;
}
