import { Decision } from "./choices.ts";

/** One choice of a run: what is decided, and for which servers, message, timer or event; the key of its first draw. */
export interface Choice {
	readonly decision: Decision;
	readonly a: number;
	readonly b: number;
	readonly n: number;
}

/** Which choices of a run keep what was drawn: all of some decisions, and single ones of others. */
export interface ChoiceSet {
	readonly decisions: readonly Decision[];
	readonly choices: readonly Choice[];
}

/** How the choices of a decision are written: a letter, then a and b in so many digits each, then n. */
interface Shape {
	readonly letter: string;
	readonly a: number;
	readonly b: number;
}

const PAIR = { a: 1, b: 1 };
const SERVER = { a: 1, b: 0 };

/**
 * The decisions that have a default which harms nobody, those that are told most easily first. The letters are part of what a run's name means: add, never
 * change. What isn't here always stays as drawn: the random numbers of the machines themselves (were they all alike, nobody would ever win an
 * election), and the tester's own draws (they are the test's story: who crashes, which commands).
 */
const SHAPES: ReadonlyMap<Decision, Shape> = new Map([
	[Decision.requestLoss, { letter: "L", ...PAIR }],
	[Decision.replyLoss, { letter: "R", ...PAIR }],
	[Decision.adversary, { letter: "X", a: 2, b: 1 }],
	[Decision.reorder, { letter: "H", ...PAIR }],
	[Decision.pauseLength, { letter: "Z", ...SERVER }],
	[Decision.requestDelay, { letter: "D", ...PAIR }],
	[Decision.unreachableDelay, { letter: "U", ...PAIR }],
	[Decision.requestLatency, { letter: "Q", ...PAIR }],
	[Decision.replyLatency, { letter: "P", ...PAIR }],
	[Decision.timerLateness, { letter: "T", ...SERVER }],
	[Decision.applyOrder, { letter: "A", ...SERVER }],
	[Decision.tie, { letter: "O", a: 1, b: 2 }],
]);

/** The decisions whose choices can be left at a default, those that are told most easily first. */
export const CHOICE_DECISIONS: readonly Decision[] = [...SHAPES.keys()];

const BY_LETTER: ReadonlyMap<string, Decision> = new Map(
	[...SHAPES].map(([decision, { letter }]) => [letter, decision]),
);
const RADIX = 36;
/** Stands before a number that needs twice its digits. */
const WIDE = "_";
const NOTHING = "0";

/**
 * Writes which choices keep what was drawn, as letters and digits that need no quoting anywhere: `L20h` is the loss of request 17 from S2 to S0, `L20h-1f` that and
 * the one of request 51, `L` all losses of requests, `0` nothing. The same for the same choices in whatever order.
 */
export function formatChoices({ decisions, choices }: ChoiceSet): string {
	const whole = new Set(decisions);
	const groups = new Map<string, Set<number>>();
	for (const { decision, a, b, n } of choices) {
		const { letter, ...digits } = shapeOf(decision);
		if (whole.has(decision)) continue;
		const head = letter + toDigits(a, digits.a) + toDigits(b, digits.b);
		const numbers = groups.get(head);
		if (numbers === undefined) groups.set(head, new Set([n]));
		else numbers.add(n);
	}
	const texts = [
		...[...whole].map((decision) => shapeOf(decision).letter),
		...[...groups].map(([head, numbers]) => {
			const inOrder = [...numbers].sort((one, other) => one - other);
			return head + inOrder.map((n) => n.toString(RADIX)).join("-");
		}),
	];
	return texts.length === 0 ? NOTHING : texts.sort().join("");
}

/**
 * Reads what {@link formatChoices} writes.
 *
 * @throws RangeError for anything else.
 */
export function parseChoices(text: string): ChoiceSet {
	if (text === NOTHING) return { decisions: [], choices: [] };
	if (!/^(?:[A-Z][0-9a-z_-]*)+$/.test(text)) throw unreadable(text);
	const decisions: Decision[] = [];
	const choices: Choice[] = [];
	for (const group of text.match(/[A-Z][^A-Z]*/g) ?? []) {
		const decision = BY_LETTER.get(group.charAt(0));
		if (decision === undefined) throw unreadable(text);
		if (group.length === 1) decisions.push(decision);
		else choices.push(...parseGroup(decision, group.slice(1), text));
	}
	return { decisions, choices };
}

function parseGroup(decision: Decision, digits: string, text: string): Choice[] {
	const shape = shapeOf(decision);
	let rest = digits;
	const take = (width: number) => {
		const [from, to] = rest.startsWith(WIDE) ? [1, 1 + 2 * width] : [0, width];
		const part = rest.slice(from, to);
		rest = rest.slice(to);
		return width === 0 ? 0 : fromDigits(part, to - from, text);
	};
	const a = take(shape.a);
	const b = take(shape.b);
	return rest.split("-").map((n) => ({ decision, a, b, n: fromDigits(n, n.length, text) }));
}

function toDigits(value: number, width: number): string {
	if (width === 0) return "";
	const digits = value.toString(RADIX);
	if (digits.length <= width) return digits.padStart(width, "0");
	if (digits.length <= 2 * width) return WIDE + digits.padStart(2 * width, "0");
	throw new RangeError(`${value} is too large a number for a run's name`);
}

function fromDigits(digits: string, width: number, text: string): number {
	const value = /^[0-9a-z]+$/.test(digits) ? Number.parseInt(digits, RADIX) : Number.NaN;
	if (digits.length !== width || !Number.isSafeInteger(value) || value >= 2 ** 24) throw unreadable(text);
	return value;
}

function shapeOf(decision: Decision): Shape {
	const shape = SHAPES.get(decision);
	if (shape === undefined) throw new Error(`decision ${decision} has no default`);
	return shape;
}

function unreadable(text: string): RangeError {
	return new RangeError(`"${text}" does not say which choices of a run are kept: copy what stands after the ~ whole`);
}
