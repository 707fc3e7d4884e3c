/** What is wrong with the value of a field, below the field; nothing if `text` is undefined. */
export function FieldProblem({ id, text }: { id: string; text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <div id={id} className="field-problem" role="alert">
      {text}
    </div>
  );
}
