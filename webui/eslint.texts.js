// The ESLint rule for texts: components of the public page take every text from src/lib/strings.

/** The attributes and properties whose values people read. */
const READ = new Set([
  'alt',
  'aria-label',
  'aria-description',
  'aria-valuetext',
  'content',
  'label',
  'placeholder',
  'title',
  'what',
]);
const LETTER = /\p{L}/u;
const MESSAGE = 'Texts of the page belong to src/lib/strings, in every language.';

/** Whether a literal below this node is rendered, as far as the syntax tells. */
function isRead(node) {
  for (let { parent } = node, child = node; parent; child = parent, { parent } = parent) {
    switch (parent.type) {
      case 'JSXAttribute':
        return READ.has(parent.name.name);
      case 'JSXElement':
      case 'JSXFragment':
        return true;
      case 'CallExpression':
        return child !== parent.callee && parent.callee.name === 'announce';
      case 'ConditionalExpression':
        if (parent.test === child) return false;
        break;
      case 'JSXExpressionContainer':
      case 'LogicalExpression':
      case 'TemplateLiteral':
        break;
      default:
        return false;
    }
  }
  return false;
}

export const texts = {
  create(context) {
    function check(node, text) {
      if (LETTER.test(text) && isRead(node)) context.report({ node, message: MESSAGE });
    }
    return {
      JSXText(node) {
        // Not the names of characters, such as &hellip;.
        if (LETTER.test(node.value)) context.report({ node, message: MESSAGE });
      },
      Literal(node) {
        if (typeof node.value === 'string') check(node, node.value);
      },
      TemplateElement(node) {
        check(node, node.value.cooked);
      },
    };
  },
};
