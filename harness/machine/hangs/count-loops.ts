import { type AnyNode, type LabeledStatement, parse, type Statement } from "acorn";
import { countOf, firstCallOf, LAST_PASSED, lastTickOf, longestOf, type Site, TICKS } from "./site.ts";
import {
	childrenOf,
	type Func,
	isDirective,
	isFunction,
	isLoop,
	type Loop,
	mayTakeLong,
	namesGiven,
} from "./syntax.ts";

/** The one name that the counters have in the code. */
const COUNTS = "__raftGradeCounts";
/** The variable in which each activation of a loop counts its own rounds. */
const ROUNDS = "__raftGradeRounds";

/** A script that counts, and what its counters stand for. */
export interface CountingCode {
	/** A script whose value is a function of the counters; it returns what the original script's value was. */
	readonly code: string;
	/** What the counters stand for: see site.ts. */
	readonly sites: readonly Site[];
}

/**
 * Puts counters into a script, so that it can be told where it hangs: see endless-site.ts. Each loop counts the rounds of its activations, each
 * function its calls; what calls something else notes that it was passed. Lines stay what they are.
 *
 * @param code - a script that is one expression.
 * @returns undefined if the script cannot be read, or has the counters' names in it.
 */
export function countLoops(code: string): CountingCode | undefined {
	if (code.includes(COUNTS) || code.includes(ROUNDS)) return undefined;
	try {
		const counter = new Counter();
		counter.visit(parse(code, { ecmaVersion: "latest", sourceType: "script", locations: true }));
		const sites = counter.linkedSites();
		return { code: `(function(${COUNTS}){return ${counter.insertInto(code.replace(/;?\s*$/, ""))}\n})`, sites };
	} catch (error) {
		// A syntax that the parser does not know yet, or one too deep for it: then nobody learns where it hangs.
		if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
		throw error;
	}
}

/** The function around what is being visited. */
interface Surroundings {
	/** Its own name; empty if it has none. */
	readonly ownName: string;
	/** Its name, or that of the nearest function around it that has one. */
	readonly name: string;
	/** The loops of this function that are being visited. */
	readonly loops: Draft[];
	/** The sites of the functions directly inside it. */
	readonly functions: number[];
	/** The names mentioned by it, and by the functions inside it. */
	readonly mentioned: Set<string>;
}

type Draft = { -readonly [Key in keyof Site]: Site[Key] };

/** Walks the tree, and gathers what is to be inserted where. */
class Counter {
	readonly #sites: Draft[] = [];
	/** In the order of the walk: at one offset, that is the order in which things must stand. */
	readonly #insertions: { readonly offset: number; readonly text: string }[] = [];
	readonly #givenNames = new Map<AnyNode, string>();
	readonly #visited: { readonly site: number; readonly inner: Surroundings }[] = [];
	#around: Surroundings = surroundings("", "");

	visit(node: AnyNode): void {
		for (const [value, name] of namesGiven(node)) this.#givenNames.set(value, name);
		if (isFunction(node)) this.#visitFunction(node);
		else if (isLoop(node)) this.#visitLoop(node, node);
		else if (node.type === "LabeledStatement") this.#visitLabelled(node);
		else if (node.type === "IfStatement") {
			this.visit(node.test);
			this.#visitBranch(node.consequent);
			if (node.alternate) this.#visitBranch(node.alternate);
		} else {
			if (node.type === "Identifier" || node.type === "PrivateIdentifier") this.#around.mentioned.add(node.name);
			if (node.type === "YieldExpression") for (const loop of this.#around.loops) loop.yields = true;
			// The script's own statement stays an expression: there is a `return` before it.
			this.#visitInOrder(childrenOf(node), node.type !== "Program");
		}
	}

	/** The sites, which know by now which function may lead to which. */
	linkedSites(): readonly Site[] {
		const byName = new Map<string, number[]>();
		for (const { site, inner } of this.#visited) {
			const namesakes = byName.get(inner.ownName);
			if (namesakes === undefined) byName.set(inner.ownName, [site]);
			else namesakes.push(site);
		}
		for (const { site, inner } of this.#visited) {
			const named = [...inner.mentioned].flatMap((name) => byName.get(name) ?? []);
			(this.#sites[site] as Draft).leadsTo = [...new Set([...inner.functions, ...named])];
		}
		return this.#sites;
	}

	insertInto(code: string): string {
		const parts: string[] = [];
		let from = 0;
		for (const { offset, text } of this.#insertions.toSorted((a, b) => a.offset - b.offset)) {
			parts.push(code.slice(from, offset), text);
			from = offset;
		}
		return parts.join("") + code.slice(from);
	}

	#visitInOrder(nodes: readonly AnyNode[], areNoted = true): void {
		for (const node of nodes) {
			if (areNoted && mayTakeLong(node)) this.#insert(node.start, `${note(this.#site(node, "statement"))};`);
			this.visit(node);
		}
	}

	/** Visits a statement that may stand without braces. */
	#visitBranch(node: Statement): void {
		const needsBraces = mayTakeLong(node);
		if (needsBraces) this.#insert(node.start, "{");
		this.#visitInOrder([node]);
		if (needsBraces) this.#insert(node.end, "}");
	}

	#visitLabelled(node: LabeledStatement): void {
		let { body } = node;
		while (body.type === "LabeledStatement") body = body.body;
		// continue with a label needs the label right before the loop: so what surrounds the loop surrounds the label, too.
		if (isLoop(body)) this.#visitLoop(node, body);
		else this.visit(body);
	}

	/** @param whole - the loop with its labels. */
	#visitLoop(whole: Statement, loop: Loop): void {
		const site = this.#site(loop, "loop");
		const rounds = `${ROUNDS}${site}`;
		const [count, longest] = [counter(countOf(site)), counter(longestOf(site))];
		this.#insert(whole.start, `{let ${rounds}=0;${note(site)};`);
		this.#around.loops.push(this.#sites[site] as Draft);
		for (const child of childrenOf(loop)) {
			if (child === loop.body) this.#visitBody(loop.body, `if(++${rounds}>${count})${count}=${rounds};${tick(site)};`);
			else this.visit(child);
		}
		this.#around.loops.pop();
		this.#insert(whole.end, `;${count}=0;if(${rounds}>${longest})${longest}=${rounds}}`);
	}

	#visitBody(body: Statement, first: string): void {
		if (body.type === "BlockStatement") {
			this.#insert(body.start + 1, first);
			this.visit(body);
			return;
		}
		this.#insert(body.start, `{${first}`);
		this.#visitInOrder([body]);
		this.#insert(body.end, "}");
	}

	#visitFunction(node: Func): void {
		const outer = this.#around;
		const ownName = node.id?.name ?? this.#givenNames.get(node) ?? "";
		const inner = surroundings(ownName, ownName === "" ? outer.name : ownName);
		this.#around = inner;
		const site = this.#site(node, "function", ownName);
		const count = `${counter(countOf(site))}++||(${counter(firstCallOf(site))}=${counter(TICKS)}),${tick(site)}`;
		for (const parameter of node.params) this.visit(parameter);
		if (node.body.type === "BlockStatement") {
			const directive = node.body.body.findLast(isDirective);
			this.#insert(directive?.end ?? node.body.start + 1, `;${count};`);
			this.visit(node.body);
		} else {
			this.#insert(node.body.start, `(${count},`);
			this.visit(node.body);
			this.#insert(node.body.end, ")");
		}
		this.#around = outer;
		this.#visited.push({ site, inner });
		outer.functions.push(site);
		for (const name of inner.mentioned) outer.mentioned.add(name);
	}

	#site(node: AnyNode, kind: Site["kind"], functionName = this.#around.name): number {
		const { line = 1, column = 0 } = node.loc?.start ?? {};
		return this.#sites.push({ line, column: column + 1, kind, functionName }) - 1;
	}

	#insert(offset: number, text: string): void {
		this.#insertions.push({ offset, text });
	}
}

function surroundings(ownName: string, name: string): Surroundings {
	return { ownName, name, loops: [], functions: [], mentioned: new Set() };
}

function counter(slot: number): string {
	return `${COUNTS}[${slot}]`;
}

/** Remembers the place passed last. */
function note(site: number): string {
	return `${counter(LAST_PASSED)}=${site + 1}`;
}

/** Remembers it, and when. */
function tick(site: number): string {
	return `${counter(lastTickOf(site))}=++${counter(TICKS)},${note(site)}`;
}
