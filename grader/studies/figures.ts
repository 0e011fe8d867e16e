/**
 * `npm run figures`: what a correct run looks like here, beside what was measured with a public Go solution under the Go tester.
 * Writes docs/figures.md.
 */
import { readFile, writeFile } from "node:fs/promises";
import { loadProgram, parseSeed, runSeed } from "../../harness/index.ts";
import { SUITES } from "../../labs/suites.ts";
import { type LabOutcome, LabRunner } from "../lab-runner.ts";
import { markdownTable, median } from "../statistics.ts";
import { findTarget } from "../target.ts";

const SEEDS = 100;
const BASE = parseSeed("f19");

/** Seconds, RPCs and agreements of one run under the Go tester. */
const GO: Readonly<Record<string, readonly [number, number, number]>> = {
	InitialElection: [4.1, 50, 0],
	ManyElections: [9.5, 580, 0],
	BasicAgree: [1.5, 16, 3],
	RPCBytes: [2.5, 48, 11],
	Backup: [21.0, 1390, 102],
	Count: [3.1, 40, 12],
	Persist2: [21.5, 884, 16],
	UnreliableAgree: [2.9, 350, 246],
	Figure8Unreliable: [30.4, 2120, 162],
	ReliableChurn: [16.5, 6787, 2767],
	UnreliableChurn: [16.1, 2538, 903],
	SnapshotBasic: [5.4, 517, 212],
	SnapshotInstall: [52.9, 1014, 343],
	SnapshotInstallUnreliable: [56.1, 1105, 294],
	SnapshotAllCrash: [12.7, 232, 45],
	SnapshotInit: [6.1, 78, 14],
};

/** Where the table ends and the explanation, which is written by hand, begins. */
const MARK = "<!-- the table above is written by npm run figures -->";

const program = await loadProgram(findTarget("reference", process.cwd()).file);
const runner = await LabRunner.load(SUITES);
const rows: string[][] = [];
for (const test of runner.tests()) {
	const outcomes: LabOutcome[] = [];
	for (let n = 0; n < SEEDS; n++)
		outcomes.push(await runner.run(program, { test, seed: runSeed(BASE, test, n, "calm") }));
	const ours = [
		median(outcomes.map(({ figures }) => figures.virtualMs)) / 1000,
		median(outcomes.map(({ figures }) => figures.rpcs)),
		median(outcomes.map(({ figures }) => figures.agreements)),
	];
	const go = GO[test];
	rows.push([test, ...ours.flatMap((figure, i) => compare(figure, go?.[i], i === 0 ? 1 : 0))]);
}
const head = ["test", "s", "Go s", "RPCs", "Go RPCs", "agreements", "Go agreements"];
const table = markdownTable(head, rows);
console.log(table);
const file = new URL("../../docs/figures.md", import.meta.url);
const text = await readFile(file, "utf8");
const intro = text.slice(0, text.indexOf("| test"));
await writeFile(file, `${intro}${table}\n\n${text.slice(text.indexOf(MARK))}`);

/** Our figure and theirs; ours is marked where they differ by more than a third. */
function compare(ours: number, theirs: number | undefined, digits: number): [string, string] {
	if (theirs === undefined) return [ours.toFixed(digits), "–"];
	const isFar = Math.abs(ours - theirs) > theirs / 3;
	return [ours.toFixed(digits) + (isFar ? " \\*" : ""), theirs.toFixed(digits)];
}
