/** A text with an element in the place of its `{}`. */
export function Filled({ text, children }: { text: string; children: React.ReactNode }) {
  const [before = '', after = ''] = text.split('{}');
  return (
    <>
      {before}
      {children}
      {after}
    </>
  );
}
