import { type AnyNode, type Function as FunctionNode, type Node, parse, type Statement } from "acorn";
import type { Site } from "./site.ts";

/** The one name that the counters have in the code. */
export const COUNTS = "__raftGradeCounts";
/** The variable in which each activation of a loop counts its own rounds. */
const ROUNDS = "__raftGradeRounds";

/** A script that counts, and what its counters stand for. */
export interface CountingCode {
	/** A script whose value is a function of the counters; it returns what the original script's value was. */
	readonly code: string;
	/** The counters stand in this order; one more follows them, which holds the number of the place passed last. */
	readonly sites: readonly Site[];
}

/**
 * Puts counters into a script, so that it can be told where it hangs. Each loop notes how many rounds its longest activation has made, each
 * function how often it was called. Lines stay what they are.
 *
 * @returns undefined if the script cannot be read.
 */
export function countLoops(code: string): CountingCode | undefined {
	try {
		const counter = new Counter();
		counter.visit(parse(code, { ecmaVersion: "latest", sourceType: "script", locations: true }), "");
		const { sites } = counter;
		return { code: `(function(${COUNTS}){return ${counter.insertInto(code.replace(/;?\s*$/, ""))}\n})`, sites };
	} catch {
		// A syntax that the parser does not know yet, or one too deep for it: then nobody learns where it hangs.
		return undefined;
	}
}

/** Walks the tree, and gathers what is to be inserted where. */
class Counter {
	readonly sites: Site[] = [];
	/** At an offset: what ends there comes before what begins there; inner things end first, outer things begin first. */
	readonly #ends = new Map<number, string>();
	readonly #starts = new Map<number, string>();

	/**
	 * @param functionName - the name of the function around it.
	 * @param givenName - the name of the variable, the property or the method that it is the value of.
	 */
	visit(node: AnyNode, functionName: string, givenName = ""): void {
		if (isFunction(node)) {
			const name = node.id?.name ?? givenName;
			this.#countCalls(node, name);
			this.#visitChildren(node, name === "" ? functionName : name);
			if (node.expression) this.#end(node.body.end, ")");
		} else if (isLoop(node)) {
			this.#visitLoop(node, node, functionName);
		} else if (node.type === "LabeledStatement" && isLoop(unlabelled(node))) {
			// continue with a label needs the label right before the loop: so what surrounds the loop surrounds the label, too.
			this.#visitLoop(node, unlabelled(node) as Loop, functionName);
		} else {
			this.#visitChildren(node, functionName, nameGivenBy(node));
		}
	}

	insertInto(code: string): string {
		const offsets = [...new Set([...this.#ends.keys(), ...this.#starts.keys()])].sort((a, b) => a - b);
		const parts: string[] = [];
		let from = 0;
		for (const offset of offsets) {
			parts.push(code.slice(from, offset), this.#ends.get(offset) ?? "", this.#starts.get(offset) ?? "");
			from = offset;
		}
		return parts.join("") + code.slice(from);
	}

	#countCalls(node: FunctionNode, name: string): void {
		const site = this.#site(node, "function", name);
		const count = `${COUNTS}[${site}]++,${this.#note(site)}`;
		if (node.expression) {
			this.#begin(node.body.start, `(${count},`);
			return;
		}
		if (node.body.type !== "BlockStatement") return;
		const directives = node.body.body.filter(
			(statement) => "directive" in statement && statement.directive !== undefined,
		);
		this.#begin(directives.at(-1)?.end ?? node.body.start + 1, `;${count};`);
	}

	/** @param whole - the loop with its labels. */
	#visitLoop(whole: Node, loop: Loop, functionName: string): void {
		const site = this.#site(loop, "loop", functionName);
		const rounds = `${ROUNDS}${site}`;
		const count = `if(++${rounds}>${COUNTS}[${site}])${COUNTS}[${site}]=${rounds};${this.#note(site)};`;
		const isBlock = loop.body.type === "BlockStatement";
		this.#begin(whole.start, `{let ${rounds}=0;`);
		this.#begin(isBlock ? loop.body.start + 1 : loop.body.start, isBlock ? count : `{${count}`);
		this.#visitChildren(loop, functionName);
		if (!isBlock) this.#end(loop.body.end, "}");
		this.#end(whole.end, "}");
	}

	/** Remembers the place passed last, in the last of the counters. */
	#note(site: number): string {
		return `${COUNTS}[${COUNTS}.length-1]=${site}`;
	}

	#site(node: Node, kind: Site["kind"], functionName: string): number {
		const { line = 1, column = 0 } = node.loc?.start ?? {};
		return this.sites.push({ line, column: column + 1, kind, functionName }) - 1;
	}

	#visitChildren(node: Node, functionName: string, givenName = ""): void {
		for (const value of Object.values(node)) {
			for (const child of Array.isArray(value) ? value : [value]) {
				if (isNode(child)) this.visit(child, functionName, givenName);
			}
		}
	}

	#begin(offset: number, text: string): void {
		this.#starts.set(offset, (this.#starts.get(offset) ?? "") + text);
	}

	#end(offset: number, text: string): void {
		this.#ends.set(offset, (this.#ends.get(offset) ?? "") + text);
	}
}

type Loop = Extract<AnyNode, { type: `For${string}Statement` | "WhileStatement" | "DoWhileStatement" }>;

function isLoop(node: AnyNode): node is Loop {
	return /^(?:For|ForIn|ForOf|While|DoWhile)Statement$/.test(node.type);
}

function isFunction(node: AnyNode): node is FunctionNode & AnyNode {
	return /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

function isNode(value: unknown): value is AnyNode {
	return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function unlabelled(statement: Statement): Statement {
	return statement.type === "LabeledStatement" ? unlabelled(statement.body) : statement;
}

function nameGivenBy(node: AnyNode): string {
	const id =
		node.type === "VariableDeclarator"
			? node.id
			: node.type === "Property" || node.type === "MethodDefinition" || node.type === "PropertyDefinition"
				? node.key
				: undefined;
	return id?.type === "Identifier" || id?.type === "PrivateIdentifier" ? id.name : "";
}
