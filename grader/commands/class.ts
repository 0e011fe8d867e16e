import os from "node:os";
import path from "node:path";
import { type ClassFolder, openClassFolder, settleName, settleSeed } from "../class/class-folder.ts";
import { type ClassProgress, showClassProgress, showLooking } from "../class/class-progress.ts";
import { failurePages, shownFailures } from "../class/failure-pages.ts";
import { type SubmissionLimits, USUAL_SUBMISSION_LIMITS } from "../class/files/limits.ts";
import { joinRoster, readRoster } from "../class/find/roster.ts";
import type { Student } from "../class/find/student.ts";
import { nameAll } from "../class/find/submission.ts";
import { findSubmissions } from "../class/find/submissions.ts";
import { byKey, type Gradable, gradeClass } from "../class/grade-class.ts";
import { toJudging } from "../class/grade-job.ts";
import { gradebook, usualFormat } from "../class/gradebook.ts";
import { type ClassGrading, type Graders, gradingKey, type JobResult } from "../class/job.ts";
import { KeptPages, withPages } from "../class/kept-pages.ts";
import { LocalGraders } from "../class/local-graders.ts";
import { digestOf, type Outcome } from "../class/outcome.ts";
import { type ClassFacts, classPage } from "../class/pages/class.ts";
import { feedbackMarkdown, feedbackPage } from "../class/pages/feedback.ts";
import { type Prepared, type PrepareOptions, prepare, withFiles } from "../class/prepare.ts";
import { ResultStore } from "../class/result-store.ts";
import { similarSources } from "../class/similar-sources.ts";
import type { ClassOptions } from "../cli/class.ts";
import { ExitCode } from "../exit-code.ts";
import { interruptible } from "../grading/interruption.ts";
import { toWorkerLimits } from "../grading/limits.ts";
import { describeSchedules, planRuns } from "../grading/plan.ts";
import { ReportBuilder } from "../grading/report-builder.ts";
import type { Output } from "../output.ts";
import { readVersion } from "../package-root.ts";
import { loadPolicy } from "../policy/load.ts";
import { roundPoints } from "../report/points.ts";
import type { GradeReport } from "../report/schema.ts";
import { WIDTH, wrap } from "../report/text.ts";
import { untrustedLine } from "../report/untrusted.ts";
import { selectTests } from "../selection.ts";
import { templateSource } from "../similarity/template.ts";
import { writeSimilarity } from "../similarity/write-report.ts";
import { median } from "../statistics.ts";
import { workerCode } from "../worker/code.ts";

/** So many submissions that cannot be graded are named on the screen; all of them are in the results. */
const BROKEN_SHOWN = 10;

/** `raft-grade class <submissions>`: grades a class. */
export async function gradeClassFolder(options: ClassOptions, output: Output): Promise<ExitCode> {
	const cwd = process.cwd();
	// What is wrong with the command is said before anything is made.
	const policy = await loadPolicy(options.config, cwd);
	const selected = selectTests(options.words, undefined, policy.known, policy.tests);
	const folder = path.resolve(cwd, options.output);
	const found = await findSubmissions(options.submissions, { at: options.at, cwd, except: folder });
	const roster =
		options.roster === undefined ? [] : await readRoster(path.resolve(cwd, options.roster), options.roster);
	const { submissions, absent, unknown } = joinRoster(found.submissions, roster);
	const place = await openClassFolder(folder, options.output);
	try {
		const seed = await settleSeed(place, options.seed ?? policy.seed);
		const planOptions = { baseSeed: seed, schedule: options.schedule, repeats: options.raceRepeat, shard: undefined };
		const tests = planRuns(selected, planOptions);
		const { allowDependencies } = options;
		const grading: ClassGrading = { policy, tests, seed, limits: toWorkerLimits(options, policy), allowDependencies };
		output.line(`seed ${seed}, ${describeSchedules(tests)}`);
		const session = new ClassSession(grading, place, options, output);
		return await interruptible(async (signal) => {
			const prepared = await session.prepareAll(nameAll(submissions), signal);
			if (signal.aborted) {
				output.line("stopped before the grading began: the same command begins again");
				return ExitCode.interrupted;
			}
			if (roster.length > 0) session.sayWhoIsUnknown(unknown);
			session.sayIfNobodyHasTheTarget(prepared);
			await session.grade(prepared, signal);
			await session.showFailures(prepared, signal);
			await session.compare(prepared, signal);
			const format = options.gradebook ?? usualFormat(found.platform);
			await session.writeResults(prepared, { format, absent, leftOut: found.leftOut });
			return session.conclude(prepared, signal.aborted);
		});
	} finally {
		await place.close();
	}
}

/** One run of the command, on a folder that is its own. */
class ClassSession {
	readonly #grading: ClassGrading;
	readonly #place: ClassFolder;
	readonly #options: ClassOptions;
	readonly #output: Output;
	readonly #store: ResultStore;
	/** What is known of each submission, by its slug. */
	readonly #outcomes = new Map<string, Outcome>();
	readonly #pages: KeptPages;
	#prepareOptions: PrepareOptions | undefined;
	#similar: ClassFacts["similar"];

	constructor(grading: ClassGrading, place: ClassFolder, options: ClassOptions, output: Output) {
		this.#grading = grading;
		this.#place = place;
		this.#options = options;
		this.#output = output;
		this.#store = new ResultStore(place.results, place.files);
		this.#pages = new KeptPages(place.folder, place.files);
	}

	/** Looks into all submissions. Those that cannot be graded have their result with that. If it is told to stop, not all are there. */
	async prepareAll(submissions: ReturnType<typeof nameAll>, signal: AbortSignal): Promise<readonly Prepared[]> {
		const limits: SubmissionLimits = {
			files: this.#options.maxFiles ?? USUAL_SUBMISSION_LIMITS.files,
			bytes: (this.#options.maxSize ?? USUAL_SUBMISSION_LIMITS.bytes / 2 ** 20) * 2 ** 20,
		};
		const expected = this.#options.target ?? this.#grading.policy.target;
		this.#prepareOptions = { limits, expected, gradingKey: await gradingKey(this.#grading) };
		const prepared: Prepared[] = [];
		const progress = showLooking(submissions.length);
		try {
			for (const submission of submissions) {
				if (signal.aborted) break;
				const one = await prepare(submission, this.#prepareOptions);
				prepared.push(one);
				if (one.job === undefined) await this.#keep(one, { report: this.#unusable(one.broken), seconds: 0 });
				progress.looked(prepared.length);
			}
		} finally {
			progress.stop();
		}
		return prepared;
	}

	/** Grades what has not been graded. */
	async grade(prepared: readonly Prepared[], signal: AbortSignal): Promise<void> {
		const gradable = prepared.filter((one): one is Gradable => one.job !== undefined);
		const open: Gradable[] = [];
		for (const one of gradable) {
			if (this.#options.regrade) await this.#store.drop(one.job.key);
			const known = await this.#store.get(one.job.key);
			if (known === undefined) open.push(one);
			else await this.#keep(one, known);
		}
		const jobs = byKey(open).size;
		this.#sayWhatThereIs(prepared.length, gradable.length, open.length, jobs);
		if (jobs === 0) return;
		const progress = showClassProgress(jobs, this.#output.line);
		const graders = await this.#graders(jobs, progress);
		const stop = () => void graders.close();
		signal.addEventListener("abort", stop, { once: true });
		if (signal.aborted) stop();
		try {
			await gradeClass(open, {
				graders,
				store: this.#store,
				prepare: this.#prepareOptions as PrepareOptions,
				signal,
				onShare: progress.share,
				onOver: progress.done,
				onResult: (one, result) => this.#keep(one, result),
				onFault: (one, fault) => this.#setOutcome(one, undefined, fault),
			});
		} finally {
			progress.stop();
			await graders.close();
		}
	}

	async #graders(jobs: number, { note, stop }: ClassProgress): Promise<Graders> {
		const capacity = Math.min(this.#options.jobs, jobs);
		const { queue, regrade } = this.#options;
		if (queue === undefined) return new LocalGraders(this.#grading, this.#place.work, capacity);
		try {
			const { openQueue } = await import("../class/queue/open-queue.ts");
			const owner = await settleName(this.#place);
			return await openQueue(queue, this.#grading, { capacity, owner, anew: regrade, onNote: note });
		} catch (error) {
			stop();
			throw error;
		}
	}

	/** Makes the pages of failures, if they are asked for and not there. */
	async showFailures(prepared: readonly Prepared[], signal: AbortSignal): Promise<void> {
		if (!this.#options.trace || signal.aborted) return;
		const open: Gradable[] = [];
		for (const one of prepared) {
			if (one.job === undefined || this.#outcomeOf(one).result?.status !== "failed") continue;
			if ((await this.#pages.of(one.submission.slug, one.job.key)) === undefined) open.push(one);
		}
		if (open.length === 0) return;
		this.#output.line(`making the pages of ${open.length} ${open.length === 1 ? "submission" : "submissions"}`);
		const code = await workerCode(this.#grading.policy.suites.map(({ file }) => file));
		const queue = open.values();
		const lane = async () => {
			for (const one of queue) {
				if (signal.aborted) return;
				await this.#showFailuresOf(one, code, signal);
			}
		};
		// With a queue, --jobs says how many submissions are on it.
		const lanes = this.#options.queue === undefined ? this.#options.jobs : os.availableParallelism();
		await Promise.all(Array.from({ length: Math.min(lanes, open.length) }, lane));
	}

	/** A page that cannot be made costs nobody a grade. */
	async #showFailuresOf(one: Gradable, code: string, signal: AbortSignal): Promise<void> {
		const { job, submission } = one;
		try {
			const result = await this.#store.get(job.key);
			const full = await withFiles(one, this.#prepareOptions as PrepareOptions);
			if (result === undefined || full === undefined) return;
			const shown = shownFailures(result.report);
			const where = { workFolder: this.#place.work, code };
			const pages =
				shown.length === 0 ? new Map<string, string>() : await failurePages(this.#grading, full, shown, where, signal);
			if (signal.aborted) return;
			await this.#pages.put(submission.slug, job.key, shown, pages);
			await this.#keep(one, result);
		} catch (error) {
			if (signal.aborted) return;
			const why = untrustedLine((error as Error).message.split("\n")[0] ?? "");
			this.#output.error(`raft-grade: no page for ${untrustedLine(submission.from)}: ${why}`);
		}
	}

	/** Compares all that can be graded, if that is asked for. */
	async compare(prepared: readonly Prepared[], signal: AbortSignal): Promise<void> {
		if (!this.#options.similar || signal.aborted) return;
		const gradable = prepared.filter((one): one is Gradable => one.job !== undefined);
		const { findSimilar } = await import("../similarity/compare.ts");
		const sources = await similarSources(gradable, this.#prepareOptions as PrepareOptions);
		const report = await findSimilar(sources, templateSource());
		await writeSimilarity(report, this.#place.folder);
		this.#similar = { compared: report.compared, pairs: report.pairs.length };
	}

	/** Writes what is about all of them. */
	async writeResults(
		prepared: readonly Prepared[],
		about: {
			readonly format: ReturnType<typeof usualFormat>;
			readonly absent: readonly Student[];
			readonly leftOut: readonly string[];
		},
	): Promise<void> {
		const { tests, seed } = this.#grading;
		const outcomes = prepared.map((one) => this.#outcomeOf(one));
		const possible = this.#possible();
		const { format, absent, leftOut } = about;
		const { assignment } = this.#options;
		await this.#place.files.show(
			this.#file("grades.csv"),
			gradebook(outcomes, { format, assignment, possible, absent }),
		);
		const page = classPage(outcomes, {
			title: assignment,
			possible,
			seed,
			schedules: describeSchedules(tests),
			version: readVersion(),
			absent,
			leftOut,
			similar: this.#similar,
			tests: tests.map(({ test, part, visibility }) => ({ test, part, isHidden: visibility === "hidden" })),
		});
		await this.#place.files.show(this.#file("class.html"), page);
	}

	/** Says on the screen what came of it all. */
	conclude(prepared: readonly Prepared[], isInterrupted: boolean): ExitCode {
		const { line, error } = this.#output;
		const outcomes = prepared.map((one) => this.#outcomeOf(one));
		const results = outcomes.flatMap(({ result }) => result ?? []);
		const unusable = outcomes.filter(({ result }) => result?.status === "unusable");
		for (const { submission, result } of unusable.slice(0, BROKEN_SHOWN)) {
			const sentence = `${untrustedLine(submission.from)}: ${untrustedLine(result?.message ?? "")}`;
			for (const [i, text] of wrap(sentence, WIDTH - 4).entries()) line(`${i === 0 ? "  " : "    "}${text}`);
		}
		if (unusable.length > BROKEN_SHOWN) line(`  and ${unusable.length - BROKEN_SHOWN} more that could not be graded`);
		const faults = outcomes.filter(({ fault }) => fault !== undefined);
		for (const { submission, fault } of faults) {
			error(`raft-grade: ${untrustedLine(submission.from)} was not graded: ${untrustedLine(fault ?? "")}`);
		}
		const points = results.filter(({ status }) => status !== "unusable").map(({ points: { earned } }) => earned);
		const middle =
			points.length === 0 ? "" : `, median ${roundPoints(median(points))} of ${roundPoints(this.#possible())} points`;
		const none =
			unusable.length === 0 ? "" : `; ${unusable.length} could not be, and ${unusable.length === 1 ? "has" : "have"} 0`;
		line(`${results.length - unusable.length} of ${prepared.length} graded${middle}${none}`);
		line(`${this.#options.output}: grades.csv, class.html, feedback (students), results (staff)`);
		if (this.#similar !== undefined) {
			const { compared, pairs } = this.#similar;
			line(
				`similar.html: ${compared} compared, ${pairs} ${pairs === 1 ? "pair" : "pairs"} alike beyond chance (staff)`,
			);
		}
		if (isInterrupted) {
			line("stopped before the end: the same command goes on from here");
			return ExitCode.interrupted;
		}
		return faults.length > 0 ? ExitCode.fault : ExitCode.passed;
	}

	/** Whoever the roster doesn't name has a line of their own in the gradebook. That may be a name that is spelt otherwise. */
	sayWhoIsUnknown(unknown: readonly Student[]): void {
		if (unknown.length === 0) return;
		const names = unknown.slice(0, BROKEN_SHOWN).map(({ name }) => untrustedLine(name));
		const more = unknown.length > names.length ? ` and ${unknown.length - names.length} more` : "";
		const text = `not in ${this.#options.roster}, so with lines of their own in the gradebook: ${names.join(", ")}${more}`;
		for (const line of wrap(text, WIDTH)) this.#output.line(line);
	}

	/** A name that is mistyped would go unnoticed: what a submission has otherwise is graded then. */
	sayIfNobodyHasTheTarget(prepared: readonly Prepared[]): void {
		const { target } = this.#options;
		if (target === undefined || prepared.some((one) => one.job !== undefined && one.module.file === target)) return;
		for (const line of wrap(`no submission has ${target}, as --target says: each is graded by what else it has`, WIDTH))
			this.#output.line(line);
	}

	#sayWhatThereIs(all: number, gradable: number, open: number, jobs: number): void {
		const parts = [
			`${all} ${all === 1 ? "submission" : "submissions"}`,
			...(gradable < all ? [`${all - gradable} cannot be graded`] : []),
			...(open < gradable ? [`${gradable - open} graded before`] : []),
			...(jobs < open ? [`${open - jobs} the same as another`] : []),
		];
		this.#output.line(parts.join(", "));
	}

	/** Takes note of a result, and writes what is about this submission alone. */
	async #keep(one: Prepared, { report: found, seconds }: JobResult): Promise<void> {
		const { submission } = one;
		const pages = await this.#pages.of(submission.slug, one.job?.key);
		const report = withPages(found, pages);
		// The feedback's own lie beside it.
		const told = withPages(
			found,
			pages && Object.fromEntries(Object.entries(pages).map(([run, page]) => [run, path.basename(page)])),
		);
		this.#setOutcome(one, { report, seconds }, undefined);
		const facts = { name: submission.students.map(({ name }) => name).join(", "), remarks: remarksFor(one) };
		const feedback = path.join("feedback", submission.slug);
		await this.#place.files.show(
			this.#file("results", `${submission.slug}.json`),
			`${JSON.stringify(report, undefined, "\t")}\n`,
		);
		await this.#place.files.show(this.#file(feedback, "feedback.md"), feedbackMarkdown(told, facts));
		await this.#place.files.show(this.#file(feedback, "feedback.html"), feedbackPage(told, facts));
	}

	#setOutcome(one: Prepared, result: JobResult | undefined, fault: string | undefined): void {
		const { submission, notes } = one;
		const module = one.job === undefined ? undefined : one.module;
		const digest = result === undefined ? undefined : digestOf(result.report, result.seconds);
		this.#outcomes.set(submission.slug, { submission, module, notes, result: digest, fault });
	}

	#outcomeOf(one: Prepared): Outcome {
		const { submission, notes } = one;
		const module = one.job === undefined ? undefined : one.module;
		return this.#outcomes.get(submission.slug) ?? { submission, module, notes, result: undefined, fault: undefined };
	}

	/** The report on a submission of which nothing could be run. */
	#unusable(why: string): GradeReport {
		const target = { name: "", file: "", folder: "" };
		return new ReportBuilder(toJudging(this.#grading, target)).unusable(why, 0);
	}

	#possible(): number {
		return roundPoints(this.#grading.tests.reduce((sum, { points }) => sum + points, 0));
	}

	#file(...parts: readonly string[]): string {
		return path.join(this.#place.folder, ...parts);
	}
}

/** What a student is told about what was graded. */
function remarksFor(one: Prepared): string[] {
	if (one.job === undefined) return [...one.notes];
	const { root, file, why, notes } = one.module;
	return [`graded: ${root === "" ? file : `${root}/${file}`} (${why})`, ...one.notes, ...notes];
}
