import { EFFECT_SLOTS } from "./effects.ts";

// What a machine has put into its outbox may be anything: here it is taken for what it should be, and for nothing else.

/** Where the effects in an outbox end. */
export function endOf(outbox: readonly unknown[]): number {
	return 1 + EFFECT_SLOTS * number(outbox[0]);
}

/** A number of the machine's. */
export function number(value: unknown): number {
	return typeof value === "number" ? value : Number.NaN;
}

/** A timer's delay: whatever a submission has done to Math, virtual time must stay a number. */
export function delay(value: unknown): number {
	const ms = number(value);
	// 0 is an immediate.
	return ms >= 0 && ms < 2 ** 31 ? Math.floor(ms) : 1;
}

/** A text of the machine's. Those for people are cut off: the runtime keeps them short, unless a submission has changed what it relies on. */
export function text(value: unknown, lengthMax = Number.POSITIVE_INFINITY): string {
	if (typeof value !== "string") return "";
	return value.length <= lengthMax ? value : `${value.slice(0, lengthMax)}…`;
}
