import { InvalidArgumentError } from "commander";
import { UsageError } from "../usage-error.ts";

/** Turns our errors about a value into commander's, which name the option. */
export function asArgument<Value>(read: (text: string) => Value): (text: string) => Value {
	return (text) => {
		try {
			return read(text);
		} catch (error) {
			throw error instanceof UsageError ? new InvalidArgumentError(error.message) : error;
		}
	};
}

/** The same for an option that commander does not read itself. */
export function asOption<Value>(name: string, read: (text: string) => Value): (text: string) => Value {
	return (text) => {
		try {
			return read(text);
		} catch (error) {
			throw error instanceof UsageError ? new UsageError(`${name}: ${error.message}`) : error;
		}
	};
}

export function toCount(text: string): number {
	return toWhole(text, "a number of schedules");
}

export function toTries(text: string): number {
	return toWhole(text, "a number of runs");
}

export function toJobs(text: string): number {
	return toWhole(text, "a number of workers");
}

export function toFileCount(text: string): number {
	return toWhole(text, "a number of files");
}

export function toSize(text: string): number {
	return toWhole(text, "a size in MB");
}

function toWhole(text: string, what: string): number {
	const count = Number(text);
	if (Number.isSafeInteger(count) && count >= 1) return count;
	throw new UsageError(`"${text}" is not ${what}: give a whole number from 1 on`);
}

export function toMegabytes(text: string): number {
	const megabytes = Number(text);
	if (Number.isSafeInteger(megabytes) && megabytes >= 64) return megabytes;
	throw new UsageError(`"${text}" is not an amount of memory: give whole megabytes from 64 on`);
}

export function toSeconds(text: string): number {
	return toPositive(text, "a number of seconds");
}

export function toMinutes(text: string): number {
	return toPositive(text, "a number of minutes");
}

export function toSpeed(text: string): number {
	return toPositive(text, "a speed");
}

function toPositive(text: string, what: string): number {
	const value = Number(text);
	if (value > 0 && Number.isFinite(value)) return value;
	throw new UsageError(`"${text}" is not ${what}: give a positive number, such as 1 or 10`);
}

/** Virtual time: 1500, 1500ms or 1.5s. */
export function toVirtualMs(text: string): number {
	const [, figure, unit] = /^(\d+(?:\.\d+)?) ?(ms|s)?$/.exec(text.trim()) ?? [];
	if (figure === undefined) throw new UsageError(`"${text}" is not a time: give milliseconds (1500) or seconds (1.5s)`);
	return Number(figure) * (unit === "s" ? 1000 : 1);
}

export function toServers(text: string): readonly number[] {
	return toWords(text).map((word) => {
		const [, server] = /^S?(\d{1,3})$/i.exec(word) ?? [];
		if (server === undefined) throw new UsageError(`"${word}" is not a server: give numbers, as in 0,2`);
		return Number(server);
	});
}

export function toWords(text: string): readonly string[] {
	const words = text.split(/[\s,]+/).filter((word) => word !== "");
	if (words.length === 0) throw new UsageError("the list is empty");
	return words;
}
