import type { Job, Queue } from "bullmq";
import { untrustedLine } from "../../report/untrusted.ts";
import { UsageError } from "../../usage-error.ts";
import { workerCode } from "../../worker/code.ts";
import { type ClassGrading, type FullJob, GraderFault, type Graders, gradingKey, type JobResult } from "../job.ts";
import { type Build, describeBuild, isSame, ownBuild } from "./build.ts";
import type { Connection } from "./connection.ts";
import { COURSE_MISTAKE, filesOf, gradingOf, KEPT_S, PREFIX, queueOf, resultOf } from "./names.ts";
import { type JobData, type PackedGrading, ParcelError, packFiles, packGrading, unpackReply } from "./parcels.ts";
import { Presence, SAY_EVERY_MS } from "./presence.ts";

export interface QueueGradersOptions {
	/** How many jobs are on the queue at once. */
	readonly capacity: number;
	/** Unique to a class's folder: what others have put on the queue is none of ours. */
	readonly owner: string;
	/** Whether results that were left on the queue don't count. */
	readonly anew: boolean;
	/** Hears how the queue is, in a few words, whenever that changes. */
	readonly onNote: (note: string) => void;
	/** Another build than this one, to a test. */
	readonly build?: Build;
}

/** How often Redis is asked what became of the jobs. It costs little, and nothing that Redis forgets is missed. */
const LOOK_EVERY_MS = 500;
/** A worker's fault may be that machine's own. */
const ATTEMPTS_MAX = 2;
const REASON_MAX_LENGTH = 500;
const CLOSING_MAX_MS = 5_000;

/** A job that somebody waits for. */
interface Pending {
	readonly id: string;
	readonly data: JobData;
	readonly files: Buffer;
	readonly onShare: (share: number) => void;
	readonly resolve: (result: JobResult) => void;
	readonly reject: (error: Error) => void;
	/** Whether it has been seen on the queue, or put there. What was there before may be left over from an earlier coordinator. */
	isOurs: boolean;
	isLookedAt: boolean;
}

/**
 * Has jobs graded by whoever listens at a Redis. What is on the queue is looked at again and again: a job that is there is not put there a second time,
 * even if another process put it there; one that Redis has lost is. So both this process and Redis can die and come back.
 */
export class QueueGraders implements Graders {
	readonly capacity: number;
	readonly #connection: Connection;
	readonly #options: QueueGradersOptions;
	readonly #build: Build;
	readonly #grading: PackedGrading;
	readonly #gradingKey: string;
	readonly #queue: Queue<JobData>;
	readonly #presence: Presence;
	readonly #pending = new Map<string, Pending>();
	/** What is under way in Redis though nobody waits for it. */
	readonly #tidying = new Set<Promise<unknown>>();
	#saidAtMs = Number.NEGATIVE_INFINITY;
	#complaint: string | undefined;
	#looking: Promise<void> = Promise.resolve();
	#isLooking = false;
	#timer: NodeJS.Timeout | undefined;
	#closing: Promise<void> | undefined;

	private constructor(
		connection: Connection,
		options: QueueGradersOptions,
		about: { readonly build: Build; readonly grading: PackedGrading; readonly gradingKey: string },
	) {
		this.capacity = options.capacity;
		this.#connection = connection;
		this.#options = options;
		this.#build = about.build;
		this.#grading = about.grading;
		this.#gradingKey = about.gradingKey;
		this.#queue = new connection.bullmq.Queue(queueOf(about.build), {
			connection: connection.redis,
			prefix: PREFIX,
			streams: { events: { maxLen: 100 } },
			defaultJobOptions: {
				attempts: ATTEMPTS_MAX,
				removeOnComplete: { age: KEPT_S },
				removeOnFail: { age: KEPT_S },
			},
		});
		// What goes wrong with the connection is seen there.
		this.#queue.on("error", () => {});
		this.#presence = new Presence(connection.redis, { role: "coordinator", jobs: 0, ...about.build });
	}

	/** @param connection - it is ended with this. */
	static async open(
		connection: Connection,
		grading: ClassGrading,
		options: QueueGradersOptions,
	): Promise<QueueGraders> {
		const suites = grading.policy.suites.map(({ file }) => file);
		// They travel in the workers' code, and are there what they are here.
		const code = suites.length === 0 ? undefined : await workerCode(suites);
		const graders = new QueueGraders(connection, options, {
			build: options.build ?? (await ownBuild()),
			grading: await packGrading(grading, code),
			gradingKey: await gradingKey(grading, code),
		});
		graders.#lookLater(0);
		return graders;
	}

	async grade(job: FullJob, onShare: (share: number) => void): Promise<JobResult> {
		const { key, content, root, file } = job;
		const files = await packFiles(job.files).catch((error: Error) => {
			throw new GraderFault(error.message);
		});
		const data: JobData = {
			...this.#build,
			...{ key, content, root, file },
			grading: this.#grading.hash,
			gradingKey: this.#gradingKey,
		};
		return new Promise((resolve, reject) => {
			if (this.#closing !== undefined) {
				reject(new GraderFault("the queue is closed"));
				return;
			}
			const id = `${this.#options.owner}-${key}`;
			const pending = { id, data, files, onShare, resolve, reject, isOurs: false, isLookedAt: false };
			this.#pending.set(id, pending);
			this.#attend(pending);
		});
	}

	onKept(key: string): void {
		const id = `${this.#options.owner}-${key}`;
		const tidying = this.#forget(id)
			// It will be forgotten in time.
			.catch(() => {})
			.finally(() => this.#tidying.delete(tidying));
		this.#tidying.add(tidying);
	}

	close(): Promise<void> {
		this.#closing ??= this.#close();
		return this.#closing;
	}

	async #close(): Promise<void> {
		clearTimeout(this.#timer);
		const open = [...this.#pending.values()];
		this.#pending.clear();
		for (const { reject } of open) reject(new GraderFault("it was withdrawn"));
		const tidy = async () => {
			await this.#looking;
			await Promise.all([...open.map(({ id }) => this.#withdraw(id)), ...this.#tidying]);
			await this.#presence.leave();
		};
		// If Redis is away, jobs stay on the queue, and are found there the next time.
		let timer: NodeJS.Timeout | undefined;
		const enough = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, CLOSING_MAX_MS);
		});
		await Promise.race([tidy().catch(() => {}), enough]);
		clearTimeout(timer);
		this.#connection.end();
		await this.#queue.close().catch(() => {});
	}

	/** Takes back a job that nobody has begun. */
	async #withdraw(id: string): Promise<void> {
		const found = await this.#queue.getJob(id);
		if (found === undefined || (await found.isWaiting())) await this.#forget(id);
	}

	async #forget(id: string): Promise<void> {
		await this.#queue.remove(id);
		await this.#connection.redis.del(filesOf(id), resultOf(id));
	}

	#lookLater(ms: number): void {
		this.#timer = setTimeout(() => {
			// Said also while a look is under way: what it has asked Redis waits until that is back.
			if (!this.#connection.isUp()) this.#options.onNote(`${this.#connection.shown} is away: waiting for it`);
			else if (!this.#isLooking) this.#lookNow();
			if (this.#closing === undefined) this.#lookLater(LOOK_EVERY_MS);
		}, ms);
	}

	#lookNow(): void {
		this.#isLooking = true;
		this.#looking = this.#look().finally(() => {
			this.#isLooking = false;
		});
	}

	async #look(): Promise<void> {
		this.#complaint = undefined;
		await Promise.all([...this.#pending.values()].map((one) => this.#attend(one)));
		try {
			if (performance.now() - this.#saidAtMs > SAY_EVERY_MS) {
				await this.#presence.say();
				this.#saidAtMs = performance.now();
			}
			const note = await this.#whoListens();
			this.#options.onNote(this.#complaint ?? note);
		} catch (error) {
			this.#complain(error as Error);
		}
	}

	async #whoListens(): Promise<string> {
		const workers = await this.#presence.others("worker");
		const ours = workers.filter((one) => isSame(one, this.#build));
		if (ours.length > 0) return `${ours.length} ${ours.length === 1 ? "worker" : "workers"}`;
		const others = [...new Set(workers.map((one) => describeBuild(one, this.#build)))].slice(0, 3);
		const but = others.length === 0 ? "" : ` (only ${others.join(" and ")})`;
		return `no worker of version ${this.#build.version} listens${but}`;
	}

	/** Sees to one job, and does what is next with it. */
	async #attend(one: Pending): Promise<void> {
		if (one.isLookedAt) return;
		one.isLookedAt = true;
		try {
			const found = await this.#queue.getJob(one.id);
			if (!this.#pending.has(one.id)) return;
			if (found === undefined) await this.#put(one);
			else if (found.finishedOn === undefined) {
				one.isOurs = true;
				if (typeof found.progress === "number") one.onShare(found.progress);
			} else if (!one.isOurs && (this.#options.anew || found.failedReason !== undefined)) {
				await this.#forget(one.id);
				await this.#put(one);
			} else await this.#take(one, found);
		} catch (error) {
			// It is still pending, and seen to again.
			this.#complain(error as Error);
		} finally {
			one.isLookedAt = false;
		}
	}

	/** What belongs to a job is there before the job is. */
	async #put(one: Pending): Promise<void> {
		const { redis } = this.#connection;
		const grading = gradingOf(this.#grading.hash);
		if ((await redis.expire(grading, KEPT_S)) === 0) await redis.set(grading, this.#grading.bytes, "EX", KEPT_S);
		await redis.set(filesOf(one.id), one.files, "EX", KEPT_S);
		if (!this.#pending.has(one.id)) return;
		await this.#queue.add("grade", one.data, { jobId: one.id });
		one.isOurs = true;
		// Closed meanwhile: nobody would take it back.
		if (!this.#pending.has(one.id)) await this.#withdraw(one.id);
	}

	async #take(one: Pending, found: Job<JobData>): Promise<void> {
		if (found.failedReason !== undefined) {
			this.#settle(one, () => one.reject(whyFailed(found)));
			return;
		}
		const packed = await this.#connection.redis.getBuffer(resultOf(one.id));
		if (packed === null) {
			await this.#forget(one.id);
			await this.#put(one);
			return;
		}
		try {
			const { report, seconds } = await unpackReply(packed, one.data);
			this.#settle(one, () => one.resolve({ report, seconds }));
		} catch (error) {
			if (!(error instanceof ParcelError)) throw error;
			this.#settle(one, () => one.reject(new GraderFault(error.message)));
		}
	}

	#settle(one: Pending, tell: () => void): void {
		if (this.#pending.delete(one.id)) tell();
	}

	#complain(error: Error): void {
		if (this.#closing !== undefined || !this.#connection.isUp()) return;
		this.#complaint = `Redis refuses: ${untrustedLine(error.message).slice(0, 100)}`;
		this.#options.onNote(this.#complaint);
	}
}

/** For staff: why no worker could grade it. */
function whyFailed({ failedReason, stalledCounter }: Job): Error {
	if (failedReason.startsWith(COURSE_MISTAKE)) return new UsageError(failedReason.slice(COURSE_MISTAKE.length));
	if (/stalled more than/.test(failedReason)) {
		return new GraderFault(
			`it could not be graded: ${stalledCounter} workers died while they graded it; try it without --queue`,
		);
	}
	return new GraderFault(untrustedLine(failedReason).slice(0, REASON_MAX_LENGTH));
}
