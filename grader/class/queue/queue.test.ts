import { existsSync } from "node:fs";
import { readdir, readFile, rename, stat } from "node:fs/promises";
import path from "node:path";
import { Queue, Worker } from "bullmq";
import { expect } from "chai";
import { ExitCode } from "../../exit-code.ts";
import { folderWith, removeFolders } from "../../testing/command.ts";
import { commandIn, readReport, withoutTimes } from "../../testing/in-process.ts";
import { type Started, startRaftGrade } from "../../testing/processes.ts";
import { SILENT } from "../../testing/submissions.ts";
import { type FullJob, GraderFault } from "../job.ts";
import { kinds, makeClass } from "../testing/make-class.ts";
import { type Build, ownBuild } from "./build.ts";
import { connect } from "./connection.ts";
import { filesOf, gradingOf, PREFIX, queueOf } from "./names.ts";
import { openQueue } from "./open-queue.ts";
import { packFiles, packGrading } from "./parcels.ts";
import type { QueueGraders } from "./queue-graders.ts";
import { DEATHS_MAX, serveQueue } from "./queue-worker.ts";
import { readRedisAddress } from "./redis-address.ts";
import { gradingForTests, jobOf } from "./testing/grading.ts";
import { hasRedis, RedisServer } from "./testing/redis-server.ts";

/** Some that are right, some that are wrong, some that cannot be graded. */
const SLICE = [
	"reference",
	"style-callbacks",
	"variant-batching",
	"mutant-vote-twice-in-a-term",
	"hostile-index-setters",
	"hostile-import-of-fs",
	"broken-climbs",
	"template",
	"style-loops",
	"reference",
];
const HOW = ["InitialElection", "--seed", "7", "--no-config"];
/** The shorter, the sooner a dead worker's job is taken again. */
const LEASE = ["--lease", "3"];
const PATIENCE_MS = 60_000;

/** Waits until something is so; generous, since only what never happens takes so long. */
async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
	const beganMs = performance.now();
	while (!(await isSo())) {
		if (performance.now() - beganMs > PATIENCE_MS) throw new Error(`it never came about: ${isSo}`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

/** What a promise is rejected with. */
async function faultOf(work: Promise<unknown>): Promise<string> {
	const error = await work.then(
		() => undefined,
		(thrown: Error) => thrown,
	);
	expect(error).to.be.instanceOf(GraderFault);
	return error?.message ?? "";
}

describe("a class on many machines", function () {
	this.timeout(300_000);
	let redis: RedisServer;
	let home: string;
	const ends: (() => unknown)[] = [];
	const running: Started[] = [];

	before(async function () {
		if (!hasRedis()) {
			console.log("      there is no redis-server here: the queue is not tested");
			this.skip();
		}
		redis = await RedisServer.start();
		home = await folderWith({});
		const chosen = SLICE.map((name) => kinds.find((kind) => kind.name === name) ?? expect.fail(`no kind ${name}`));
		await makeClass(path.join(home, "submissions"), SLICE.length, chosen);
		const { code, text } = await commandIn(home, ["class", "submissions", ...HOW, "--output", "alone"]);
		expect(code, text).to.equal(ExitCode.passed);
	});

	afterEach(async function () {
		if (this.currentTest?.state === "failed") for (const one of running) console.log(one.said());
		running.splice(0);
		for (const end of ends.splice(0).reverse()) await end();
	});

	after(async () => {
		await redis?.end();
		await removeFolders();
	});

	const started = (args: readonly string[], cwd = home): Started => {
		const one = startRaftGrade([...args, "--queue", redis.address], cwd);
		running.push(one);
		ends.push(async () => {
			one.child.kill("SIGKILL");
			await one.ended();
		});
		return one;
	};
	const worker = () => started(["worker", "--jobs", "1", ...LEASE]);
	const csvIn = (output: string) => readFile(path.join(home, output, "grades.csv"), "utf8");

	/** A worker in this process. */
	const listen = (options: { readonly build?: Build; readonly lines?: string[] } = {}) => {
		const controller = new AbortController();
		const done = (async () => {
			const connection = await connect(readRedisAddress(redis.address));
			const { build, lines = [] } = options;
			const line = (text: string) => lines.push(text);
			const own = build === undefined ? {} : { build };
			await serveQueue(connection, { jobs: 1, leaseMs: 3000, signal: controller.signal, line, ...own });
		})();
		const stop = () => {
			controller.abort();
			return done;
		};
		ends.push(stop);
		return stop;
	};

	interface Asking {
		readonly owner?: string;
		readonly anew?: boolean;
		readonly build?: Build;
		readonly notes?: string[];
	}

	/** A coordinator in this process. */
	const ask = async ({ owner = "test", anew = false, build, notes = [] }: Asking = {}): Promise<QueueGraders> => {
		const { grading } = await gradingForTests("InitialElection");
		const onNote = (note: string) => notes.push(note);
		const own = build === undefined ? {} : { build };
		const graders = await openQueue(redis.address, grading, { capacity: 8, owner, anew, onNote, ...own });
		ends.push(() => graders.close());
		return graders;
	};

	/** The queue itself. */
	const queueFor = async () => {
		const { redis: client } = await connect(readRedisAddress(redis.address));
		const queue = new Queue(queueOf(await ownBuild()), { connection: client, prefix: PREFIX });
		queue.on("error", () => {});
		ends.push(async () => {
			await queue.close();
			client.disconnect();
		});
		return { queue, client };
	};

	const jobFor = async (code: string): Promise<FullJob> => jobOf(code, (await gradingForTests("InitialElection")).key);

	it("gets the grades that it gets on one", async () => {
		const crew = [worker(), worker()];
		const coordinator = started(["class", "submissions", ...HOW, "--output", "many"]);
		expect(await coordinator.ended(), coordinator.said()).to.equal(ExitCode.passed);
		expect(coordinator.said()).to.match(/\d workers?$/m);
		expect(await csvIn("many")).to.equal(await csvIn("alone"));
		for (const name of await readdir(path.join(home, "alone/results"))) {
			const [many, alone] = ["many", "alone"].map((output) => readReport(path.join(home, output, "results", name)));
			if (many === undefined || alone === undefined) return expect.fail("no report");
			expect(withoutTimes(many)).to.deep.equal(withoutTimes(alone));
		}
		for (const one of crew) one.child.kill("SIGINT");
		for (const one of crew) expect(await one.ended(), one.said()).to.equal(ExitCode.interrupted);
		const graded = crew.flatMap((one) => one.said().match(/graded in/g) ?? []);
		expect(graded).to.have.length(9);
		// Nothing of a submission stays in Redis.
		const { client } = await queueFor();
		expect(await client.keys(`${PREFIX}:files:*`)).to.deep.equal([]);
		expect(await client.keys(`${PREFIX}:result:*`)).to.deep.equal([]);
	});

	it("survives that a worker, Redis and the coordinator go away in the middle, and counts nothing twice", async () => {
		const store = path.join(home, "shaken/.raft-grade/results");
		const seen = new Map<string, string>();
		const look = async () => {
			const names = existsSync(store) ? (await readdir(store)).filter((name) => !name.startsWith(".")) : [];
			for (const name of names) {
				const { ino, mtimeMs } = await stat(path.join(store, name));
				expect(seen.get(name) ?? `${ino} ${mtimeMs}`, `${name} was graded twice`).to.equal(`${ino} ${mtimeMs}`);
				seen.set(name, `${ino} ${mtimeMs}`);
			}
			return names.length;
		};
		const args = ["class", "submissions", ...HOW, "--output", "shaken"];
		const { queue } = await queueFor();
		const first = started(args);
		const doomed = worker();
		await eventually(async () => (await queue.getActiveCount()) > 0);
		doomed.child.kill("SIGKILL");
		await doomed.ended();
		const second = worker();
		await eventually(async () => (await look()) >= 2);
		await redis.restart();
		await eventually(async () => (await look()) >= 4);
		first.child.kill("SIGKILL");
		await first.ended();
		await look();
		const again = started(args);
		expect(await again.ended(), again.said()).to.equal(ExitCode.passed);
		await look();
		expect(seen.size).to.equal(9);
		expect(await csvIn("shaken")).to.equal(await csvIn("alone"));
		expect(again.said()).to.include("graded before");
		expect(second.said()).to.include("is back");
	});

	it("stopped with Ctrl-C, a worker hands back its job, and the coordinator takes back what nobody has begun", async () => {
		const hanging = SILENT.replace("getState: () =>", "getState: () => { for (;;); }, other: () =>");
		const cwd = await folderWith({ "subs/a.ts": hanging, "subs/b.ts": `${hanging}// b` });
		const { queue, client } = await queueFor();
		// A coordinator that is killed may leave some behind, which Redis forgets in time.
		const before = await client.keys(`${PREFIX}:files:*`);
		const coordinator = started(["class", "subs", "InitialElection", "--step-timeout", "60"], cwd);
		await eventually(async () => (await queue.getWaitingCount()) === 2);
		const one = worker();
		await eventually(async () => (await queue.getActiveCount()) === 1);
		one.child.kill("SIGINT");
		expect(await one.ended(), one.said()).to.equal(ExitCode.interrupted);
		expect(await queue.getJobCounts("active", "waiting", "failed")).to.deep.equal({ active: 0, waiting: 2, failed: 0 });
		coordinator.child.kill("SIGINT");
		expect(await coordinator.ended(), coordinator.said()).to.equal(ExitCode.interrupted);
		expect(coordinator.said()).to.include("0 of 2 graded").and.include("the same command goes on from here");
		expect(await queue.getJobCounts("active", "waiting")).to.deep.equal({ active: 0, waiting: 0 });
		expect(await client.keys(`${PREFIX}:files:*`)).to.have.members(before);
	});

	it("takes a course's own suites along", async () => {
		const cwd = await folderWith({
			"subs/a.ts": SILENT,
			"c.json": '{"suites":[{"file":"own.ts","tests":{"Leaderless":{"points":3}}}],"tests":["extra"],"seed":"7"}',
			"own.ts": `import { lab } from "raft-grade/labs";
import { three } from "./three.ts";
describe("extra", () => { lab("Leaderless", { servers: three }, (cluster) => { cluster.checkNoLeader(); }); });`,
			"three.ts": "export const three = 3;",
		});
		const coordinator = started(["class", "subs", "--config", "c.json"], cwd);
		const { queue } = await queueFor();
		await eventually(async () => (await queue.getWaitingCount()) === 1);
		await rename(path.join(cwd, "own.ts"), path.join(cwd, "elsewhere.ts"));
		worker();
		expect(await coordinator.ended(), coordinator.said()).to.equal(ExitCode.passed);
		expect(await readFile(path.join(cwd, "class-results/grades.csv"), "utf8")).to.match(/^a,,,,3,3,passed,/m);
	});

	it("stops at a course's own mistake, which is every submission's, as on one machine", async () => {
		const cwd = await folderWith({
			"subs/a.ts": SILENT,
			"c.json": '{"suites":[{"file":"own.ts","tests":{"Missing":{"points":3}}}],"tests":["extra"],"seed":"7"}',
			"own.ts": 'import "raft-grade/labs";',
		});
		const coordinator = started(["class", "subs", "--config", "c.json"], cwd);
		worker();
		expect(await coordinator.ended(), coordinator.said()).to.equal(ExitCode.unusable);
		expect(coordinator.said()).to.match(/own\.ts declares no test Missing, which the config names/);
	});

	it("gives up a submission whose workers die again and again, and says so to staff", async () => {
		const graders = await ask();
		const result = faultOf(graders.grade(await jobFor(SILENT), () => {}));
		const connection = await connect(readRedisAddress(redis.address));
		const dying = new Worker(queueOf(await ownBuild()), null, {
			connection: connection.redis,
			prefix: PREFIX,
			// Takes a job, and is never heard of again.
			...{ lockDuration: 50, stalledInterval: 50, maxStalledCount: DEATHS_MAX - 1, drainDelay: 1 },
		});
		dying.on("error", () => {});
		await dying.startStalledCheckTimer();
		for (let deaths = 0; deaths < DEATHS_MAX; ) if ((await dying.getNextJob("a token")) !== undefined) deaths++;
		await dying.close();
		connection.end();
		const lines: string[] = [];
		listen({ lines });
		expect(await result).to.match(/could not be graded: 5 workers died while they graded it/);
		expect(lines.join()).to.not.include("graded in");
	});

	it("is graded by workers of the same raft-grade only; both sides say so", async () => {
		const notes: string[] = [];
		const lines: string[] = [];
		listen({ lines });
		const graders = await ask({ build: { version: "9.9.9", code: "f" }, notes });
		graders.grade(await jobFor(SILENT), () => {}).catch(() => {});
		await eventually(() => notes.some((note) => /^no worker of version 9\.9\.9 listens \(only \d/.test(note)));
		await eventually(() => lines.some((line) => /graded with raft-grade 9\.9\.9: nothing of it is taken/.test(line)));
		expect(lines.join()).to.not.include("graded in");
	});

	it("takes nothing for a submission, or for what to grade by, that is not what was sent", async () => {
		const { client, queue } = await queueFor();
		const graders = await ask();
		const job = await jobFor(`${SILENT}// one`);
		const forged = await jobFor(`${SILENT}// another`);
		const result = faultOf(graders.grade(job, () => {}));
		const id = `test-${job.key}`;
		await eventually(async () => (await queue.getJob(id)) !== undefined);
		await client.set(filesOf(id), await packFiles(forged.files));
		const stop = listen();
		expect(await result).to.equal("its files are not those that were sent: their hash is another");
		await stop();

		const second = await jobFor(`${SILENT}// two`);
		const { grading } = await gradingForTests("InitialElection");
		const secondResult = faultOf(graders.grade(second, () => {}));
		await eventually(async () => (await queue.getJob(`test-${second.key}`)) !== undefined);
		const { hash } = await packGrading(grading, undefined);
		expect(await client.exists(gradingOf(hash))).to.equal(1);
		await client.set(
			gradingOf(hash),
			(await packGrading({ ...grading, limits: { ...grading.limits, stepMs: 1 } }, undefined)).bytes,
		);
		listen();
		expect(await secondResult).to.equal("what to grade by is not what was sent: its hash is another");
		await client.del(gradingOf(hash));
	});

	it("leaves a submission that is too large for staff to grade on one machine", async () => {
		const graders = await ask();
		const job = await jobFor(SILENT);
		const noise = Buffer.from(Array.from({ length: 9 * 2 ** 20 }, () => Math.random() * 256));
		expect(await faultOf(graders.grade({ ...job, files: new Map([["noise", noise]]) }, () => {}))).to.match(
			/too large for a queue .*: grade it without --queue/,
		);
	});

	it("keeps coordinators apart; what one left behind, it finds again, unless it is to be graded anew", async () => {
		const job = await jobFor(`${SILENT}// shared`);
		const [one, other] = [await ask({ owner: "one" }), await ask({ owner: "other" })];
		const results = [one.grade(job, () => {}), other.grade(job, () => {})];
		const { queue } = await queueFor();
		await eventually(async () => (await queue.getWaitingCount()) === 2);
		const stop = listen();
		const [first, second] = await Promise.all(results);
		expect(first?.report.tests).to.have.length(1);
		expect(second?.report.seed).to.equal(first?.report.seed);
		await stop();
		other.onKept(job.key);
		await Promise.all([one.close(), other.close()]);
		// Nobody listens any more.
		const again = await ask({ owner: "one" });
		expect(await again.grade(job, () => {})).to.deep.equal(first);
		await again.close();
		const anew = await ask({ owner: "one", anew: true });
		const fresh = anew.grade(job, () => {});
		await eventually(async () => (await queue.getWaitingCount()) === 1);
		listen();
		expect((await fresh).report.points).to.deep.equal(first?.report.points);
	});

	it("puts on the queue again what Redis has lost", async () => {
		const { client, queue } = await queueFor();
		const graders = await ask();
		const result = graders.grade(await jobFor(`${SILENT}// lost`), () => {});
		await eventually(async () => (await queue.getWaitingCount()) === 1);
		await client.flushall();
		await eventually(async () => (await queue.getWaitingCount()) === 1);
		listen();
		expect((await result).report.tests).to.have.length(1);
	});

	it("says that Redis is away, and doesn't wait for it when it is stopped", async () => {
		const notes: string[] = [];
		const graders = await ask({ notes });
		const result = faultOf(graders.grade(await jobFor(`${SILENT}// away`), () => {}));
		const { queue } = await queueFor();
		await eventually(async () => (await queue.getWaitingCount()) === 1);
		await redis.stop();
		await eventually(() => notes.includes(`${redis.address} is away: waiting for it`));
		await graders.close();
		expect(await result).to.equal("it was withdrawn");
		await redis.restart();
	});

	it("says that Redis is away also if that comes while it is being asked something", async () => {
		const notes: string[] = [];
		const graders = await ask({ notes });
		const result = faultOf(graders.grade(await jobFor(`${SILENT}// asked`), () => {}));
		const { client, queue } = await queueFor();
		await eventually(async () => (await queue.getWaitingCount()) > 0);
		// From here on nobody gets an answer.
		await client.call("CLIENT", "PAUSE", "60000");
		await new Promise((resolve) => setTimeout(resolve, 3_000));
		await redis.stop();
		await eventually(() => notes.includes(`${redis.address} is away: waiting for it`));
		await graders.close();
		expect(await result).to.equal("it was withdrawn");
		await redis.restart();
	});
});
