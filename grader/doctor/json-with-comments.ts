import { type Expression, type Node, type Property, parseExpressionAt } from "acorn";

/**
 * Reads JSON that may have comments and commas too many, such as a tsconfig.json.
 *
 * @throws SyntaxError if it is no such thing.
 */
export function parseJsonWithComments(text: string): unknown {
	const source = text.replace(/^\uFEFF/, "");
	const options = { ecmaVersion: "latest" } as const;
	const expression = parseExpressionAt(source, 0, options);
	const rest = source.slice(expression.end).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
	if (rest.trim() !== "") throw new SyntaxError(`there is something after its end: ${rest.trim().slice(0, 20)}`);
	return toValue(expression);
}

function toValue(node: Expression | Node): unknown {
	const expression = node as Expression;
	switch (expression.type) {
		case "Literal":
			return expression.value;
		case "UnaryExpression":
			return -Number(toValue(expression.argument));
		case "ArrayExpression":
			return expression.elements.map((element) => (element === null ? null : toValue(element)));
		case "ObjectExpression":
			return Object.fromEntries(
				expression.properties.map((property) => [keyOf(property as Property), toValue((property as Property).value)]),
			);
		default:
			throw new SyntaxError(`${expression.type} is not JSON`);
	}
}

function keyOf({ key }: Property): string {
	if (key?.type === "Literal") return String(key.value);
	throw new SyntaxError("a name is not in quotes");
}
