import { useState } from 'react';
import { useAvatarOrigins } from '../api/avatarOrigins';
import type { Standing } from '../api/standing';
import { avatarOf } from '../lib/attributes';

const COLOURS = 8;

/**
 * The player's picture, if it is on a site that the operator allows; otherwise the first letter of the name. Only
 * decoration: the name is beside it.
 */
export function Avatar({ player }: { player: Pick<Standing, 'user_id' | 'username' | 'attributes'> }) {
  const url = avatarOf(player);
  const origins = useAvatarOrigins(url !== null);
  const [failed, setFailed] = useState<string>();
  if (url && origins.includes(url.origin) && failed !== url.href) {
    return (
      // The other site learns neither the page nor, until the row is seen, the visitor.
      <img
        className="avatar"
        src={url.href}
        alt=""
        width="36"
        height="36"
        loading="lazy"
        decoding="async"
        referrerPolicy="no-referrer"
        onError={() => {
          setFailed(url.href);
        }}
      />
    );
  }
  return (
    <span className={`avatar avatar-${player.user_id % COLOURS}`} aria-hidden="true">
      {firstLetter(player.username)}
    </span>
  );
}

function firstLetter(name: string): string {
  const [first = '?'] = /[\p{L}\p{N}]/u.exec(name) ?? [];
  return first.toLocaleUpperCase();
}
