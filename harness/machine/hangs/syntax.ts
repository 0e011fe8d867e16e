import type * as acorn from "acorn";

/** Any loop. */
export type Loop =
	| acorn.ForStatement
	| acorn.ForInStatement
	| acorn.ForOfStatement
	| acorn.WhileStatement
	| acorn.DoWhileStatement;

/** Any function; a method's and a getter's is a function expression. */
export type Func = acorn.FunctionDeclaration | acorn.FunctionExpression | acorn.ArrowFunctionExpression;

/** Whether a node is a loop. */
export function isLoop(node: acorn.AnyNode): node is Loop {
	return /^(?:For|ForIn|ForOf|While|DoWhile)Statement$/.test(node.type);
}

/** Whether a node is a function. */
export function isFunction(node: acorn.AnyNode): node is Func {
	return /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

/** What a node consists of, in the order of the source. */
export function childrenOf(node: acorn.AnyNode): acorn.AnyNode[] {
	return Object.values(node).flat().filter(isNode);
}

function isNode(value: unknown): value is acorn.AnyNode {
	return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** Whether a statement is a directive, such as "use strict": it must stay in front. */
export function isDirective(node: acorn.AnyNode): boolean {
	return node.type === "ExpressionStatement" && node.directive !== undefined;
}

/** Whether this one statement, without those inside it, can take long by itself: it calls something, or spreads something out. */
export function mayTakeLong(statement: acorn.AnyNode): boolean {
	switch (statement.type) {
		case "ExpressionStatement":
			return calls(statement.expression);
		case "VariableDeclaration":
		case "ReturnStatement":
		case "ThrowStatement":
			return childrenOf(statement).some(calls);
		case "IfStatement":
			return calls(statement.test);
		case "SwitchStatement":
			return calls(statement.discriminant);
		default:
			return false;
	}
}

function calls(node: acorn.AnyNode): boolean {
	switch (node.type) {
		case "CallExpression":
		case "NewExpression":
		case "TaggedTemplateExpression":
		case "SpreadElement":
			return true;
		default:
			return !isFunction(node) && childrenOf(node).some(calls);
	}
}

/** The nodes to which a node gives a name, as in `const name = () => {}`. */
export function namesGiven(node: acorn.AnyNode): readonly [acorn.AnyNode, string][] {
	switch (node.type) {
		case "VariableDeclarator":
			return named(node.init, node.id);
		case "AssignmentExpression":
			return named(node.right, node.left.type === "MemberExpression" ? node.left.property : node.left);
		case "AssignmentPattern":
			return named(node.right, node.left);
		case "Property":
		case "PropertyDefinition":
		case "MethodDefinition":
			return node.computed ? [] : named(node.value, node.key);
		default:
			return [];
	}
}

function named(value: acorn.AnyNode | null | undefined, by: acorn.AnyNode): readonly [acorn.AnyNode, string][] {
	const isName = by.type === "Identifier" || by.type === "PrivateIdentifier";
	return isName && value !== null && value !== undefined ? [[value, by.name]] : [];
}
