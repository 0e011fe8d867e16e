import { describePoints, roundPoints } from "../../report/points.ts";
import { median } from "../../statistics.ts";
import type { Student } from "../find/student.ts";
import { remarksOn, statusOf } from "../gradebook.ts";
import type { FailureDigest, Outcome, ResultDigest } from "../outcome.ts";
import { page, text } from "./html.ts";

/** What the page says besides what became of each submission. */
export interface ClassFacts {
	readonly title: string;
	readonly possible: number;
	readonly seed: string;
	readonly schedules: string;
	readonly version: string;
	readonly absent: readonly Student[];
	readonly leftOut: readonly string[];
	/** What came of comparing them; undefined if they were not compared. */
	readonly similar?: { readonly compared: number; readonly pairs: number } | undefined;
	/** The tests, in order. */
	readonly tests: readonly { readonly test: string; readonly part: string; readonly isHidden: boolean }[];
}

const BINS = 20;
const CAUSES_MAX = 25;
const SLOWEST_MAX = 15;

/** One page about the whole class, for staff: it names hidden tests. */
export function classPage(outcomes: readonly Outcome[], facts: ClassFacts): string {
	const graded = outcomes.filter(isGraded);
	const judged = graded.filter(({ result }) => result.status !== "unusable");
	const unusable = graded.filter(({ result }) => result.status === "unusable");
	const open = outcomes.filter(({ result }) => result === undefined);
	return page(
		facts.title,
		[
			`<h1>${text(facts.title)}</h1>\n<p class="soft">For staff: this page names hidden tests.</p>\n`,
			open.length === 0
				? ""
				: `<p class="bad"><b>${open.length} of ${outcomes.length} are not graded.</b> Run the command again to go on.</p>\n`,
			figures(outcomes, judged, unusable, facts),
			section("Points", histogram(judged, facts.possible)),
			section("Tests, by how many fail them", tests(judged, facts)),
			section("What goes wrong with many", causes(judged)),
			section("Alike beyond chance", alike(facts)),
			section("Could not be graded", list(unusable.map((one) => [one, one.result.message ?? ""]))),
			section("Stopped by the sandbox", list(judged.flatMap(containedOf))),
			section(
				"Faults of raft-grade",
				list(outcomes.flatMap((one): [Outcome, string][] => (one.fault === undefined ? [] : [[one, one.fault]]))),
			),
			section("Slowest", slowest(graded)),
			section("Nothing handed in", names(facts.absent.map(({ name }) => name))),
			section("Nobody's submission", names(facts.leftOut)),
			section("Everybody", everybody(outcomes)),
			`<footer>raft-grade ${text(facts.version)}, seed <code>${text(facts.seed)}</code>, ${text(facts.schedules)}</footer>\n`,
		].join(""),
	);
}

type Graded = Outcome & { readonly result: ResultDigest };

function isGraded(outcome: Outcome): outcome is Graded {
	return outcome.result !== undefined;
}

function section(title: string, body: string): string {
	return body === "" ? "" : `<h2>${text(title)}</h2>\n${body}`;
}

function figures(
	outcomes: readonly Outcome[],
	judged: readonly Graded[],
	unusable: readonly Graded[],
	{ possible }: ClassFacts,
): string {
	const points = judged.map(({ result }) => result.points.earned);
	const mean = points.reduce((sum, one) => sum + one, 0) / points.length;
	const all: readonly (readonly [string | number, string])[] = [
		[outcomes.length, outcomes.length === 1 ? "submission" : "submissions"],
		[judged.length, "judged"],
		[unusable.length, "could not be graded"],
		[outcomes.filter(({ submission }) => submission.isLate).length, "late"],
		...(points.length === 0
			? []
			: ([
					[roundPoints(median(points)), "points, the median"],
					[roundPoints(mean), "points, the mean"],
					[
						judged.filter(({ result }) => result.points.earned === result.points.possible).length,
						`with all ${roundPoints(possible)}`,
					],
				] as const)),
	];
	return `<div class="figures">${all.map(([value, label]) => `<div><b>${text(value)}</b>${text(label)}</div>`).join("")}</div>\n`;
}

function histogram(judged: readonly Graded[], possible: number): string {
	if (judged.length === 0 || possible === 0) return "";
	const bins = new Array<number>(BINS).fill(0);
	for (const { result } of judged) {
		const bin = Math.min(BINS - 1, Math.floor((BINS * result.points.earned) / possible));
		bins[bin] = (bins[bin] ?? 0) + 1;
	}
	const most = Math.max(...bins);
	const edge = (bin: number) => roundPoints((bin * possible) / BINS);
	const bars = bins.map((count, bin) => {
		const title = `${edge(bin)} to ${edge(bin + 1)} points: ${count}`;
		return `<div title="${text(title)}">${count === 0 ? "" : count}<i style="height:${((88 * count) / most).toFixed(1)}%"></i></div>`;
	});
	return `<div class="histogram" role="img" aria-label="how many submissions have how many points">${bars.join("")}</div>
<div class="axis"><span>0</span><span>${edge(BINS / 2)}</span><span>${roundPoints(possible)} points</span></div>\n`;
}

function tests(judged: readonly Graded[], facts: ClassFacts): string {
	if (judged.length === 0) return "";
	const results = new Map(facts.tests.map(({ test }) => [test, { failed: 0, schedules: 0, failedSchedules: 0 }]));
	for (const { result } of judged) {
		for (const { test, status, passed, planned } of result.tests) {
			const sum = results.get(test);
			if (sum === undefined) continue;
			if (status !== "passed") sum.failed++;
			sum.schedules += planned;
			sum.failedSchedules += planned - passed;
		}
	}
	const rows = facts.tests
		.map((test) => ({ ...test, ...(results.get(test.test) ?? { failed: 0, schedules: 0, failedSchedules: 0 }) }))
		.toSorted((a, b) => b.failed - a.failed)
		.map(({ test, part, isHidden, failed, schedules, failedSchedules }) => {
			const share = (100 * failed) / judged.length;
			return `<tr><td>${text(test)}${isHidden ? ' <span class="mark">hidden</span>' : ""}</td><td>${text(part)}</td><td class="n">${failed}</td>
<td class="n">${share.toFixed(0)} %</td><td class="wide"><span class="bar" style="width:${share.toFixed(1)}%"></span></td><td class="n">${schedules === 0 ? "" : `${((100 * failedSchedules) / schedules).toFixed(1)} %`}</td></tr>`;
		});
	return table(["test", "part", "!fail it", "!of all judged", "", "!of all schedules"], rows);
}

function causes(judged: readonly Graded[]): string {
	const kinds = new Map<string, { failure: FailureDigest; who: Set<Graded>; tests: Map<string, number> }>();
	for (const one of judged) {
		for (const { test, failures } of one.result.tests) {
			for (const failure of failures) {
				const kind = kinds.get(failure.kind) ?? { failure, who: new Set(), tests: new Map() };
				kind.who.add(one);
				kind.tests.set(test, (kind.tests.get(test) ?? 0) + 1);
				kinds.set(failure.kind, kind);
			}
		}
	}
	const shared = [...kinds.values()].filter(({ who }) => who.size > 1).toSorted((a, b) => b.who.size - a.who.size);
	const rows = shared.slice(0, CAUSES_MAX).map(({ failure, who, tests }) => {
		const where = [...tests].toSorted(([, a], [, b]) => b - a).map(([test]) => test);
		const shown = where.length > 4 ? `${where.slice(0, 4).join(", ")} and ${where.length - 4} more` : where.join(", ");
		const cause = failure.cause === undefined ? "" : `<div class="soft">${text(failure.cause)}</div>`;
		return `<tr><td class="n">${who.size}</td><td>${text(failure.message)}${cause}</td><td class="tests">${text(shown)}</td></tr>`;
	});
	return rows.length === 0 ? "" : table(["!submissions", "what happens, for example; the usual cause", "in"], rows);
}

function alike({ similar }: ClassFacts): string {
	if (similar === undefined) return "";
	const { compared, pairs } = similar;
	const found = pairs === 0 ? "no two are" : pairs === 1 ? "one pair is" : `${pairs} pairs are`;
	return `<p>Of ${compared} that were compared, <a href="similar.html">${found} alike beyond chance</a>.</p>\n`;
}

function containedOf(one: Graded): [Outcome, string][] {
	return one.result.tests.flatMap(({ test, failures }) =>
		failures
			.filter(({ isContained }) => isContained)
			.map(({ message }): [Outcome, string] => [one, `${test}: ${message}`]),
	);
}

function list(entries: readonly (readonly [Outcome, string])[]): string {
	if (entries.length === 0) return "";
	const rows = entries.map(([outcome, why]) => `<tr><td>${link(outcome)}</td><td>${text(why)}</td></tr>`);
	return table(["student", "why"], rows);
}

function slowest(graded: readonly Graded[]): string {
	const rows = graded
		.toSorted((a, b) => b.result.seconds - a.result.seconds)
		.slice(0, SLOWEST_MAX)
		.map((one) => `<tr><td>${link(one)}</td><td class="n">${one.result.seconds.toFixed(1)} s</td></tr>`);
	return rows.length === 0 ? "" : table(["student", "!real time"], rows);
}

function names(all: readonly string[]): string {
	return all.length === 0 ? "" : `<p>${all.map(text).join("; ")}</p>\n`;
}

function everybody(outcomes: readonly Outcome[]): string {
	const rows = outcomes.map((one) => {
		const { submission, result, module } = one;
		const status = statusOf(one);
		const points = result === undefined ? "" : describePoints(result.points).replace(/ points?$/, "");
		const late = submission.isLate ? ' <span class="mark">late</span>' : "";
		const took =
			module === undefined
				? ""
				: `<code>${text(module.root === "" ? module.file : `${module.root}/${module.file}`)}</code> <span class="soft">${text(module.why)}</span>`;
		const pages = (result?.tests ?? []).flatMap(({ failures }) => failures.flatMap(({ page }) => page ?? []));
		const shown = pages
			.map((page) => ` <a href="${page.split("/").map(encodeURIComponent).join("/")}">page</a>`)
			.join("");
		return `<tr><td>${link(one)}${late}</td><td class="n">${text(points)}</td><td class="${status === "passed" ? "good" : "bad"}">${text(status)}${shown}</td><td class="module">${took}</td><td>${text(remarksOn(one))}</td></tr>`;
	});
	return table(["student", "!points", "status", "module", "remarks"], rows);
}

/** Names, and the way to their feedback. */
function link({ submission, result }: Outcome): string {
	const who = submission.students.map(({ name, id, sid }) => {
		const number = id ?? sid;
		return `${text(name)}${number === undefined ? "" : ` <span class="soft">${text(number)}</span>`}`;
	});
	const shown = who.join(", ");
	return result === undefined
		? shown
		: `<a href="feedback/${encodeURIComponent(submission.slug)}/feedback.html">${shown}</a>`;
}

/** @param heads - the columns' names; one with `!` in front has numbers under it. */
function table(heads: readonly string[], rows: readonly string[]): string {
	const head = heads.map((name) =>
		name.startsWith("!") ? `<th class="n">${text(name.slice(1))}</th>` : `<th>${text(name)}</th>`,
	);
	return `<div class="scroll"><table>\n<thead><tr>${head.join("")}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody></table></div>\n`;
}
