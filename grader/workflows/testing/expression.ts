/** What an expression of a workflow can be. */
export type Value = string | number | boolean | null | readonly Value[] | Outputs | { readonly [name: string]: Value };

/** What a step or a job gave: an output that was not set is empty. Of everything else, a name that isn't there is a mistake. */
export class Outputs {
	constructor(readonly values: Readonly<Record<string, string>>) {}
}

/** What an expression is evaluated in: the contexts by name, and how the job stands. */
export interface Scope {
	readonly contexts: Readonly<Record<string, Value>>;
	/** Whether a step or a needed job before failed. */
	readonly failed: boolean;
}

/**
 * Evaluates what stands between `${{` and `}}`: names, literals, `!`, `&&`, `||`, `==`, `!=`, brackets, and the functions that our workflows
 * use. It is stricter than GitHub, for which a misspelt name is an empty string.
 *
 * @throws Error for a name or a function that isn't known, and for any other syntax.
 */
export function evaluate(expression: string, scope: Scope): Value {
	const parser = new Parser(expression, scope);
	return parser.whole();
}

/** Puts in the values of all expressions in a text. One that is nothing but an expression keeps the value's type. */
export function interpolate(text: string, scope: Scope): Value {
	const alone = /^\$\{\{((?:(?!\}\}).)*)\}\}$/.exec(text);
	if (alone?.[1] !== undefined) return evaluate(alone[1], scope);
	return text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) => asString(evaluate(expression, scope)));
}

/** Whether a step or a job runs: without a word about the status, only if all went well before. */
export function holds(condition: string | undefined, scope: Scope): boolean {
	const text = (condition ?? "").trim().replace(/^\$\{\{(.*)\}\}$/s, "$1");
	const saysStatus = /\b(success|failure|always|cancelled)\s*\(/.test(text);
	if (!saysStatus && scope.failed) return false;
	return text === "" || truthy(evaluate(text, scope));
}

/** A value as GitHub writes it into a text. */
export function asString(value: Value): string {
	if (value === null) return "";
	if (typeof value === "object") throw new Error(`${JSON.stringify(value)} has no place in a text`);
	return String(value);
}

function truthy(value: Value): boolean {
	return value !== "" && value !== 0 && value !== false && value !== null;
}

const TOKEN = /\s*(?:('(?:[^']|'')*')|(\d+(?:\.\d+)?)|([A-Za-z_][\w-]*)|(&&|\|\||==|!=|[!().,]))/y;

class Parser {
	readonly #tokens: string[] = [];
	#at = 0;

	constructor(
		readonly text: string,
		readonly scope: Scope,
	) {
		TOKEN.lastIndex = 0;
		for (let end = 0; text.slice(end).trim() !== ""; end = TOKEN.lastIndex) {
			const token = TOKEN.exec(text);
			if (token === null) throw new Error(`cannot read "${text.slice(end).trim()}" in the expression "${text.trim()}"`);
			this.#tokens.push(token[0].trim());
		}
	}

	whole(): Value {
		const value = this.#or();
		if (this.#at < this.#tokens.length) this.#refuse();
		return value;
	}

	// Both sides are always read: a mistake on the side that doesn't matter this time is a mistake all the same.
	#or(): Value {
		let value = this.#and();
		while (this.#take("||")) {
			const other = this.#and();
			value = truthy(value) ? value : other;
		}
		return value;
	}

	#and(): Value {
		let value = this.#comparison();
		while (this.#take("&&")) {
			const other = this.#comparison();
			value = truthy(value) ? other : value;
		}
		return value;
	}

	#comparison(): Value {
		const value = this.#unary();
		if (this.#take("==")) return same(value, this.#unary());
		if (this.#take("!=")) return !same(value, this.#unary());
		return value;
	}

	#unary(): Value {
		return this.#take("!") ? !truthy(this.#unary()) : this.#primary();
	}

	#primary(): Value {
		if (this.#take("(")) {
			const value = this.#or();
			this.#expect(")");
			return value;
		}
		const token = this.#tokens[this.#at] ?? this.#refuse();
		if (!/^['\w]/.test(token)) this.#refuse();
		this.#at += 1;
		if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
		if (/^\d/.test(token)) return Number(token);
		if (token === "true" || token === "false") return token === "true";
		if (token === "null") return null;
		return this.#take("(") ? this.#call(token) : this.#property(token);
	}

	#call(name: string): Value {
		const args: Value[] = [];
		if (!this.#take(")")) {
			do args.push(this.#or());
			while (this.#take(","));
			this.#expect(")");
		}
		const known = FUNCTIONS[name];
		if (known === undefined) throw new Error(`there is no function ${name} in the expression "${this.text.trim()}"`);
		return known(args, this.scope);
	}

	#property(context: string): Value {
		let path = context;
		let value = member(this.scope.contexts, context, "the contexts");
		while (this.#take(".")) {
			const name = this.#tokens[this.#at] ?? this.#refuse();
			this.#at += 1;
			value = member(value, name, path);
			path += `.${name}`;
		}
		return value;
	}

	#take(token: string): boolean {
		if (this.#tokens[this.#at] !== token) return false;
		this.#at += 1;
		return true;
	}

	#expect(token: string): void {
		if (!this.#take(token)) this.#refuse();
	}

	#refuse(): never {
		const found = this.#tokens[this.#at] ?? "the end";
		throw new Error(`did not expect ${found} in the expression "${this.text.trim()}"`);
	}
}

function member(value: Value, name: string, path: string): Value {
	if (value instanceof Outputs) return value.values[name] ?? "";
	if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) {
		throw new Error(`there is no ${name} in ${path}`);
	}
	return (value as Readonly<Record<string, Value>>)[name] as Value;
}

function same(one: Value, other: Value): boolean {
	// GitHub compares across types by number; nothing of ours needs that.
	if (typeof one !== typeof other) throw new Error(`${asString(one)} and ${asString(other)} are of different types`);
	// It compares strings without regard to case.
	return typeof one === "string" ? one.toLowerCase() === asString(other).toLowerCase() : one === other;
}

const FUNCTIONS: Readonly<Record<string, (args: readonly Value[], scope: Scope) => Value>> = {
	always: () => true,
	cancelled: () => false,
	success: (_, { failed }) => !failed,
	failure: (_, { failed }) => failed,
	fromJSON: ([text]) => JSON.parse(asString(text as Value)) as Value,
	format: ([text, ...values]) =>
		asString(text as Value).replaceAll(/\{(\d+)\}/g, (_, index: string) => asString(values[Number(index)] as Value)),
};
