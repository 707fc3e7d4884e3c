import Placeholder from 'react-bootstrap/Placeholder';

/** The skeleton of a row. */
export function LoadingRow() {
  return (
    <tr aria-hidden="true">
      <LoadingCell column="rank">
        <Placeholder className="medal-placeholder" />
      </LoadingCell>
      <LoadingCell column="player">
        <Placeholder xs={7} />
      </LoadingCell>
      <LoadingCell column="share-cell">
        <Placeholder xs={9} size="xs" />
      </LoadingCell>
      <LoadingCell column="total">
        <Placeholder className="total-placeholder" />
      </LoadingCell>
    </tr>
  );
}

function LoadingCell({ column, children }: { column: string; children: React.ReactNode }) {
  return (
    <td className={column}>
      <Placeholder animation="glow">{children}</Placeholder>
    </td>
  );
}
