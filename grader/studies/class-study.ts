/**
 * `npm run class-study`: a class of many, graded by the real command. Measures wall time, the work in it and the coordinator's memory; kills it at random
 * moments and starts it again; compares grades with those of single commands. With `--record` it writes docs/class-figures.md.
 *
 *     npm run class-study -- --students 400 --race-repeat 20 --kills 20 --singles 40 --memory 50,100,200,400 --record
 *
 * With `--queue` the class is graded by three workers through a Redis (Debian's redis-server) too: once in peace, and once while a worker is killed every few
 * seconds, Redis is restarted twice and the coordinator is killed once. A worker should live longer than the longest submission takes: `--kill-every`.
 *
 * On two cores that takes some hours. `--folder <folder>` goes on with a class that was begun, `--minutes` ends before it is done; `--what 2A` grades less.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { RedisServer } from "../class/queue/testing/redis-server.ts";
import { type Kind, kinds, makeClass } from "../class/testing/make-class.ts";
import { PACKAGE_ROOT } from "../package-root.ts";
import { type GradeReport, gradeReport } from "../report/schema.ts";
import { markdownTable, median } from "../statistics.ts";

const PROGRAM = path.join(PACKAGE_ROOT, "grader/bin.js");
const SEED = "c1a55";
const LOOK_EVERY_MS = 250;

const { values } = parseArgs({
	options: {
		students: { type: "string", default: "40" },
		"race-repeat": { type: "string", default: "2" },
		kills: { type: "string", default: "0" },
		singles: { type: "string", default: "0" },
		memory: { type: "string", default: "" },
		what: { type: "string", multiple: true, default: ["all"] },
		folder: { type: "string" },
		queue: { type: "boolean", default: false },
		"kill-every": { type: "string", default: "6" },
		/** Interrupts the class after so many minutes; with the same `--folder` the study goes on another time. */
		minutes: { type: "string", default: "" },
		record: { type: "boolean", default: false },
	},
});

/** What the command exits with when it was interrupted. */
const INTERRUPTED = 130;
const home = path.resolve(values.folder ?? (await mkdtemp(path.join(os.tmpdir(), "raft-grade-class-study-"))));
const students = Number(values.students);
const how = ["--race-repeat", values["race-repeat"], "--seed", SEED, "--no-config"];

/** What one command took. */
interface Measured {
	readonly code: number | null;
	readonly wallS: number;
	/** Of the process that runs the class, the most it had, in MB. */
	readonly peakMb: number;
	/** In the middle of each quarter of its time, in MB. */
	readonly quartersMb: readonly number[];
}

const submissions = await classOf(students);
console.log(`a class of ${students} in ${home}`);
const sections: string[] = [];
/** Told at once: the whole takes hours. */
const tell = (section: string) => {
	sections.push(section);
	console.log(section);
};

const whole = await gradeWhole();
const work = await workOf(path.join(home, "results"));
const cores = os.availableParallelism();
const ratio = whole.wallS / (work.seconds / cores);
tell(
	"## Time\n" +
		"\n" +
		`${students} submissions, ${values.what.join(" ")}, ${values["race-repeat"]} schedules of each test, ${cores} cores: ${minutes(whole.wallS)} of wall time. ` +
		`The work in it (each submission from its files to its report) sums up to ${minutes(work.seconds)}; divided by the cores that is ${minutes(work.seconds / cores)}: ` +
		`the class takes ${((ratio - 1) * 100).toFixed(1)} % more than that. Median ${work.median.toFixed(1)} s a submission, at most ${work.most.toFixed(1)} s.\n`,
);

const again = await grade(submissions, "results");
tell(`Run again with nothing to do, it takes ${again.wallS.toFixed(1)} s.\n`);

if (Number(values.singles) > 0) tell(await compareWithSingles(Number(values.singles)));
if (Number(values.kills) > 0) tell(await killAndCompare(Number(values.kills)));
if (values.queue) tell(await throughQueue(Number(values["kill-every"]) * 1000));
if (values.memory !== "") tell(await memoryOf(values.memory.split(",").map(Number)));
if (values.record) {
	const head = `# A class of ${students}\n\nWritten by \`npm run class-study\`, on ${os.cpus()[0]?.model.trim()} with ${cores} cores, Node ${process.versions.node}. The class is made of the model solution, other styles and variants, known mistakes, the hostile corpus, broken archives and the template.\n\n`;
	await writeFile(path.join(PACKAGE_ROOT, "docs/class-figures.md"), `${head}${sections.join("\n")}`);
}
if (values.folder === undefined) await rm(home, { recursive: true, force: true });

/** Makes a class of so many, or finds it. Right solutions, mistakes and others take turns, so that a smaller class is like a larger one. */
async function classOf(count: number): Promise<string> {
	const folder = path.join(home, `submissions-${count}`);
	if (!existsSync(folder)) {
		await mkdir(home, { recursive: true });
		await makeClass(folder, count, mixed(kinds));
	}
	return folder;
}

/** In an order that is the same each time, and mixes families. */
function mixed(all: readonly Kind[]): readonly Kind[] {
	const key = ({ name }: Kind) => createHash("sha256").update(name).digest("hex");
	return all.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

function start(from: string, output: string): ChildProcess {
	const args = [PROGRAM, "class", from, ...values.what, "--output", output, ...how];
	return spawn(process.execPath, args, { cwd: home, stdio: ["ignore", "ignore", "inherit"] });
}

/** Grades the class, if need be in several goes, of which the time is summed up. Ends the study if it isn't done then. */
async function gradeWhole(): Promise<Measured> {
	const file = path.join(home, "goes.jsonl");
	const last = await grade(submissions, "results", values.minutes === "" ? undefined : Number(values.minutes));
	const { code, wallS } = last;
	// A class that was done before takes some seconds to say so.
	const isNew = !existsSync(file) || !readFileSync(file, "utf8").includes('"code":0');
	if (isNew) await appendFile(file, `${JSON.stringify({ code, wallS })}\n`);
	if (code === INTERRUPTED) {
		const done = (await readdir(path.join(home, "results", ".raft-grade/results"))).length;
		console.log(`not done: ${done} of them are graded; go on with --folder ${home}`);
		process.exit(INTERRUPTED);
	}
	if (code !== 0) throw new Error(`the command ended with ${code}`);
	const goes = readFileSync(file, "utf8").trimEnd().split("\n");
	return { ...last, wallS: goes.reduce((sum, line) => sum + (JSON.parse(line) as { wallS: number }).wallS, 0) };
}

async function grade(from: string, output: string, limitMinutes?: number): Promise<Measured> {
	const beganMs = performance.now();
	const child = start(from, output);
	const limit = limitMinutes === undefined ? undefined : setTimeout(() => child.kill("SIGINT"), limitMinutes * 60_000);
	const seen: number[] = [];
	const timer = setInterval(() => seen.push(residentMb(child.pid)), LOOK_EVERY_MS);
	const code = await endOf(child);
	clearInterval(timer);
	clearTimeout(limit);
	const quarter = (n: number) => seen[Math.floor((seen.length * (2 * n + 1)) / 8)] ?? 0;
	return {
		code,
		wallS: (performance.now() - beganMs) / 1000,
		peakMb: Math.max(0, ...seen),
		quartersMb: [0, 1, 2, 3].map(quarter),
	};
}

function endOf(child: ChildProcess): Promise<number | null> {
	return new Promise((resolve) => child.on("close", resolve));
}

function residentMb(pid: number | undefined): number {
	try {
		return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
	} catch {
		return 0;
	}
}

async function reportsIn(results: string): Promise<Map<string, GradeReport>> {
	const names = await readdir(path.join(results, "results"));
	const all = names.map(async (name): Promise<[string, GradeReport]> => {
		const text = await readFile(path.join(results, "results", name), "utf8");
		return [name.replace(/\.json$/, ""), gradeReport.parse(JSON.parse(text))];
	});
	return new Map(await Promise.all(all));
}

async function workOf(results: string) {
	// Of those that are broken nothing was run.
	const seconds = [...(await reportsIn(results)).values()].map(({ wallMs }) => wallMs / 1000).filter((one) => one > 0);
	return { seconds: seconds.reduce((sum, one) => sum + one, 0), median: median(seconds), most: Math.max(...seconds) };
}

/** Grades some submissions by a command of their own, in their own folder, and holds the grades against those that they got. */
async function compareWithSingles(count: number): Promise<string> {
	const reports = await reportsIn(path.join(home, "results"));
	const slugs = [...reports.keys()].filter((slug) => !slug.includes("-broken-"));
	const step = Math.max(1, Math.floor(slugs.length / count));
	const chosen = slugs.filter((_, i) => i % step === 0).slice(0, count);
	const differing: string[] = [];
	let singleS = 0;
	let classS = 0;
	for (const slug of chosen) {
		const kind = kinds.find(({ name }) => slug.endsWith(`-${name}`));
		if (typeof kind?.make !== "function") continue;
		const work = await mkdtemp(path.join(os.tmpdir(), "raft-grade-single-"));
		const folder = path.join(work, "lab");
		await kind.make(folder);
		const beganMs = performance.now();
		const args = [
			PROGRAM,
			...values.what,
			...how,
			"--jobs",
			"1",
			"--reporter",
			`json=${path.join(work, "report.json")}`,
		];
		await endOf(spawn(process.execPath, args, { cwd: folder, stdio: "ignore" }));
		singleS += (performance.now() - beganMs) / 1000;
		const report = reports.get(slug);
		classS += (report?.wallMs ?? 0) / 1000;
		const single = await readFile(path.join(work, "report.json"), "utf8").catch(() => undefined);
		const earned = single === undefined ? 0 : gradeReport.parse(JSON.parse(single)).points.earned;
		if (earned !== report?.points.earned)
			differing.push(`${slug}: ${report?.points.earned} in the class, ${earned} alone`);
		await rm(work, { recursive: true, force: true });
	}
	const verdict =
		differing.length === 0
			? "all of them got the same"
			: `${differing.length} differ:\n\n${differing.map((line) => `- ${line}\n`).join("")}`;
	return `## Single commands\n\n${chosen.length} of them graded by a command of their own: ${verdict}. They took ${minutes(singleS)} with one worker each, one after the other; in the class, beside another, ${minutes(classS)}.\n`;
}

/** Kills the command again and again while it grades the class anew. */
async function killAndCompare(kills: number): Promise<string> {
	const output = "killed";
	const store = path.join(home, output, ".raft-grade/results");
	const seen = new Map<string, string>();
	let doubled = 0;
	let survived = 0;
	const look = async () => {
		for (const name of existsSync(store) ? await readdir(store) : []) {
			if (name.startsWith(".")) continue;
			const { ino, mtimeMs } = await stat(path.join(store, name));
			const stamp = `${ino} ${mtimeMs}`;
			if ((seen.get(name) ?? stamp) !== stamp) doubled++;
			seen.set(name, stamp);
		}
	};
	for (let kill = 0; kill < kills; kill++) {
		const child = start(submissions, output);
		const ended = endOf(child);
		const timer = setTimeout(
			() => child.kill("SIGKILL"),
			Math.random() * 1000 * Math.max(5, (1.5 * whole.wallS) / kills),
		);
		if ((await ended) === 0) survived++;
		clearTimeout(timer);
		await look();
	}
	await endOf(start(submissions, output));
	await look();
	const [before, after] = await Promise.all(
		["results", output].map((name) => readFile(path.join(home, name, "grades.csv"))),
	);
	const isSame = before !== undefined && after !== undefined && before.equals(after);
	return `## Killed\n\nKilled with SIGKILL at ${kills - survived} random moments and started again: grades.csv is ${isSame ? "the same, byte for byte" : "NOT the same"}; of ${seen.size} results ${doubled} were made twice.\n`;
}

/** Grades the class anew by workers that take it from a queue. */
async function throughQueue(killEveryMs: number): Promise<string> {
	const redis = await RedisServer.start();
	const queue = ["--queue", redis.address];
	const run = (...args: string[]) =>
		spawn(process.execPath, [PROGRAM, ...args, ...queue], { cwd: home, stdio: ["ignore", "ignore", "inherit"] });
	const coordinate = (output: string) => run("class", submissions, ...values.what, "--output", output, ...how);
	const hire = () => run("worker", "--jobs", "1", "--lease", "3");
	const crew = [hire(), hire(), hire()];
	const isSame = async (output: string) => {
		const [one, other] = await Promise.all(
			["results", output].map((name) => readFile(path.join(home, name, "grades.csv"), "utf8")),
		);
		return one === other ? "the same grades.csv, byte for byte" : "NOT the same grades.csv";
	};
	try {
		const beganMs = performance.now();
		if ((await endOf(coordinate("queued"))) !== 0) throw new Error("the coordinator failed");
		const inPeaceS = (performance.now() - beganMs) / 1000;
		const peace = `In peace: ${await isSame("queued")}, after ${minutes(inPeaceS)}.`;

		let deaths = 0;
		const killing = setInterval(() => {
			const [victim] = crew.splice(0, 1);
			victim?.kill("SIGKILL");
			crew.push(hire());
			deaths++;
		}, killEveryMs);
		const restarts = [1, 2].map((n) => setTimeout(() => void redis.restart(), (n * inPeaceS * 1000) / 3));
		const beganAgainMs = performance.now();
		let coordinator = coordinate("shaken");
		const death = setTimeout(() => coordinator.kill("SIGKILL"), (inPeaceS * 1000) / 2);
		const code = await endOf(coordinator);
		clearTimeout(death);
		const kept = new Map<string, number>();
		const store = path.join(home, "shaken/.raft-grade/results");
		for (const name of await readdir(store)) kept.set(name, (await stat(path.join(store, name))).mtimeMs);
		coordinator = coordinate("shaken");
		if ((await endOf(coordinator)) !== 0) throw new Error("the coordinator failed");
		clearInterval(killing);
		for (const timer of restarts) clearTimeout(timer);
		let doubled = 0;
		for (const [name, mtimeMs] of kept) if ((await stat(path.join(store, name))).mtimeMs !== mtimeMs) doubled++;
		const shaken = `${deaths} times a worker killed, Redis restarted twice, the coordinator ${code === 0 ? "NOT " : ""}killed once with ${kept.size} results: ${await isSame("shaken")}, after ${minutes((performance.now() - beganAgainMs) / 1000)}; of the results that there were, ${doubled} were made again.`;
		return `## Through a queue\n\nThree workers on the same machine, one submission at a time each. ${peace} ${shaken}\n`;
	} finally {
		await Promise.all(
			crew.map((one) => {
				const ended = endOf(one);
				one.kill("SIGINT");
				return ended;
			}),
		);
		await redis.end();
	}
}

/** Grades classes of several sizes, quickly: what a result weighs is the same. */
async function memoryOf(counts: readonly number[]): Promise<string> {
	const rows: string[][] = [];
	for (const count of counts) {
		// That one has been seen already.
		const isWhole = count === students;
		const { peakMb, quartersMb } = isWhole ? whole : await grade(await classOf(count), `memory-${count}`);
		rows.push([count, peakMb, ...quartersMb].map((figure) => figure.toFixed(0)));
	}
	const head = ["submissions", "most, MB", "1st quarter", "2nd", "3rd", "4th"];
	return `## Memory\n\nWhat the process that runs the class has in memory (the processes that grade are others).\n\n${markdownTable(head, rows)}\n`;
}

function minutes(seconds: number): string {
	return seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
}
