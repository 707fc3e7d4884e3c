/** The skeleton of a row. */
export function LoadingRow() {
  return (
    <tr aria-hidden="true">
      <LoadingCell column="rank">
        <span className="placeholder medal-placeholder" />
      </LoadingCell>
      <LoadingCell column="player">
        <span className="placeholder avatar-placeholder" />
        <span className="placeholder col-7" />
      </LoadingCell>
      <LoadingCell column="share-cell">
        <span className="placeholder placeholder-xs col-9" />
      </LoadingCell>
      <LoadingCell column="total">
        <span className="placeholder total-placeholder" />
      </LoadingCell>
    </tr>
  );
}

function LoadingCell({ column, children }: { column: string; children: React.ReactNode }) {
  return (
    <td className={column}>
      <span className="placeholder-glow">{children}</span>
    </td>
  );
}
