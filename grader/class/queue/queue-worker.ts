import { rm } from "node:fs/promises";
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Job } from "bullmq";
import { UsageError } from "../../usage-error.ts";
import { GraderFault } from "../job.ts";
import { LocalGraders } from "../local-graders.ts";
import { type Build, describeBuild, isSame, ownBuild } from "./build.ts";
import type { Connection } from "./connection.ts";
import { COURSE_MISTAKE, filesOf, gradingOf, KEPT_S, PREFIX, queueOf, resultOf } from "./names.ts";
import { type JobData, jobData, ParcelError, packReply, unpackFiles, unpackGrading } from "./parcels.ts";
import { Presence, type Present, SAY_EVERY_MS } from "./presence.ts";
import { makeWorkFolder } from "./work-folder.ts";

export interface QueueWorkerOptions {
	/** How many submissions it grades at once. */
	readonly jobs: number;
	/** Others take its jobs if nothing has been heard of it for so many milliseconds. */
	readonly leaseMs: number;
	readonly signal: AbortSignal;
	/** Takes a line for whoever looks after the worker. */
	readonly line: (text: string) => void;
	/** Another build than this one, to a test. */
	readonly build?: Build;
}

/** A job whose worker died so often is given up: it may be what kills them. */
export const DEATHS_MAX = 5;
/** After something went wrong with Redis. */
const AGAIN_AFTER_MS = 1_000;
/** Between two words on how far a job is. */
const TELL_EVERY_MS = 1_000;
const ENDING_MAX_MS = 5_000;

/**
 * Takes jobs from a queue and grades them, until the signal. What it is at then is handed back.
 *
 * @param connection - it is ended with this.
 */
export async function serveQueue(connection: Connection, options: QueueWorkerOptions): Promise<void> {
	const workFolder = await makeWorkFolder(os.tmpdir());
	const own = new QueueWorker(connection, options, options.build ?? (await ownBuild()), workFolder);
	try {
		await own.serve();
	} finally {
		await rm(workFolder, { recursive: true, force: true, maxRetries: 3 });
	}
}

/** Those who grade by the same rules. */
interface Crew {
	readonly graders: LocalGraders;
	/** How many jobs it is at. */
	busy: number;
}

class QueueWorker {
	readonly #connection: Connection;
	readonly #options: QueueWorkerOptions;
	readonly #build: Build;
	readonly #workFolder: string;
	readonly #presence: Presence;
	/** By the hash of what they grade by. */
	readonly #crews = new Map<string, Promise<Crew>>();
	readonly #aborted: Promise<undefined>;
	#looking: Promise<void> | undefined;
	/** The coordinators that have been refused. */
	readonly #refused = new Set<string>();

	constructor(connection: Connection, options: QueueWorkerOptions, build: Build, workFolder: string) {
		this.#connection = connection;
		this.#options = options;
		this.#build = build;
		this.#workFolder = workFolder;
		this.#presence = new Presence(connection.redis, { role: "worker", jobs: options.jobs, ...build });
		this.#aborted = whenAborted(options.signal);
	}

	async serve(): Promise<void> {
		const { bullmq, redis, shown } = this.#connection;
		const { jobs, leaseMs, signal, line } = this.#options;
		if (signal.aborted) return;
		const worker = new bullmq.Worker<JobData>(queueOf(this.#build), (job, token) => this.#carryOut(job, token), {
			connection: redis,
			prefix: PREFIX,
			concurrency: jobs,
			lockDuration: leaseMs,
			stalledInterval: leaseMs,
			maxStalledCount: DEATHS_MAX - 1,
			runRetryDelay: AGAIN_AFTER_MS,
			removeOnComplete: { age: KEPT_S },
			removeOnFail: { age: KEPT_S },
		});
		const said = new Set<string>();
		worker.on("error", ({ message }) => {
			// While Redis is away there are many of them; that it is away is told once.
			if (!this.#connection.isUp() || said.has(message)) return;
			said.add(message);
			line(`Redis: ${message}`);
		});
		line(`raft-grade ${this.#build.version} takes submissions from ${shown}, ${jobs} at once`);
		await this.#untilAborted();
		const ending = (async () => {
			await worker.close();
			await this.#presence.leave();
		})();
		let timer: NodeJS.Timeout | undefined;
		const enough = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, ENDING_MAX_MS);
		});
		await Promise.race([ending.catch(() => {}), enough]);
		clearTimeout(timer);
		await worker.close(true).catch(() => {});
		this.#connection.end();
		for (const crew of this.#crews.values()) await (await crew.catch(() => undefined))?.graders.close();
	}

	/** Says again and again that it is there, and looks who else is. */
	async #untilAborted(): Promise<void> {
		const { signal } = this.#options;
		this.#tellWhenAway();
		while (!signal.aborted) {
			const isUp = this.#connection.isUp();
			// If Redis goes away meanwhile, it takes until it is back.
			this.#looking ??= this.#look()
				.catch(() => {})
				.finally(() => {
					this.#looking = undefined;
				});
			await sleep(isUp ? SAY_EVERY_MS : AGAIN_AFTER_MS, undefined, { signal }).catch(() => {});
		}
	}

	#tellWhenAway(): void {
		const { redis, shown } = this.#connection;
		const { signal, line } = this.#options;
		let isAway = false;
		redis.on("close", () => {
			if (!isAway && !signal.aborted) line(`${shown} is away: waiting for it`);
			isAway = true;
		});
		redis.on("ready", () => {
			if (isAway && !signal.aborted) line(`${shown} is back`);
			isAway = false;
		});
	}

	async #look(): Promise<void> {
		await this.#presence.say();
		for (const one of await this.#presence.others("coordinator")) this.#refuse(one);
	}

	#refuse(one: Present): void {
		if (isSame(one, this.#build) || this.#refused.has(one.id)) return;
		this.#refused.add(one.id);
		const { version } = this.#build;
		this.#options.line(
			`a class is graded with raft-grade ${describeBuild(one, this.#build)}: nothing of it is taken, this is ${version}`,
		);
	}

	/** What goes wrong here is for staff; no submission is to blame for it. */
	async #carryOut(job: Job<JobData>, token: string | undefined): Promise<string> {
		const { line } = this.#options;
		const { bullmq } = this.#connection;
		const name = job.data.key?.slice(0, 12);
		const beganMs = performance.now();
		try {
			const done = await Promise.race([this.#grade(job), this.#aborted]);
			if (done === undefined) {
				await job.moveToWait(token);
				throw new bullmq.WaitingError();
			}
			line(`${name} graded in ${((performance.now() - beganMs) / 1000).toFixed(1)} s`);
			return done;
		} catch (error) {
			if (error instanceof bullmq.WaitingError) throw error;
			line(`${name} not graded: ${(error as Error).message}`);
			// Elsewhere it would be the same.
			if (error instanceof UsageError) throw new bullmq.UnrecoverableError(COURSE_MISTAKE + error.message);
			if (error instanceof ParcelError) throw new bullmq.UnrecoverableError(error.message);
			throw error;
		}
	}

	async #grade(job: Job<JobData>): Promise<string> {
		const { redis } = this.#connection;
		const id = job.id ?? "";
		const data = this.#check(job.data);
		const crew = await this.#join(data);
		try {
			const packed = await redis.getBuffer(filesOf(id));
			if (packed === null) throw new ParcelError("its files are no longer there: run the class again");
			const full = await unpackFiles(packed, data);
			let toldAtMs = 0;
			const onShare = (share: number) => {
				if (performance.now() - toldAtMs < TELL_EVERY_MS) return;
				toldAtMs = performance.now();
				job.updateProgress(share).catch(() => {});
			};
			const { report, seconds } = await crew.graders.grade(full, onShare);
			const { key, content, gradingKey, code } = data;
			const reply = await packReply({ key, content, gradingKey, code, seconds, report });
			// It is there before anybody hears that it is.
			await redis.set(resultOf(id), reply, "EX", KEPT_S);
			return "graded";
		} finally {
			crew.busy--;
		}
	}

	#check(given: unknown): JobData {
		const checked = jobData.safeParse(given);
		if (!checked.success) throw new ParcelError("what is on the queue is no job of this version's");
		if (!isSame(checked.data, this.#build))
			throw new ParcelError(`it is for raft-grade ${checked.data.version}, and this is ${this.#build.version}`);
		return checked.data;
	}

	/** The crew for a job, which is counted as busy with it. */
	async #join(data: JobData): Promise<Crew> {
		for (;;) {
			let hired = this.#crews.get(data.grading);
			if (hired === undefined) {
				hired = this.#hire(data);
				this.#crews.set(data.grading, hired);
				hired.catch(() => this.#crews.delete(data.grading));
				for (const hash of this.#crews.keys()) if (hash !== data.grading) this.#dismiss(hash);
			}
			const crew = await hired;
			if (this.#crews.get(data.grading) !== hired) continue;
			crew.busy++;
			return crew;
		}
	}

	/** A crew without work still has its processes. */
	async #dismiss(hash: string): Promise<void> {
		const hired = this.#crews.get(hash);
		const crew = await hired?.catch(() => undefined);
		if (crew === undefined || crew.busy > 0 || this.#crews.get(hash) !== hired) return;
		this.#crews.delete(hash);
		await crew.graders.close();
	}

	async #hire(data: JobData): Promise<Crew> {
		const packed = await this.#connection.redis.getBuffer(gradingOf(data.grading));
		if (packed === null) throw new GraderFault("what to grade by is no longer there: run the class again");
		const { grading, code } = await unpackGrading(packed, data);
		return { graders: new LocalGraders(grading, this.#workFolder, this.#options.jobs, code), busy: 0 };
	}
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
	return new Promise((resolve) => {
		if (signal.aborted) resolve(undefined);
		signal.addEventListener("abort", () => resolve(undefined), { once: true });
	});
}
