import { useQuery } from '@tanstack/react-query';
import { countryName } from '../lib/attributes';

/** A country's flag with its name. Its letters until the flags are loaded, and for a country without one. */
export function Country({ code }: { code: string }) {
  const { data } = useQuery({
    queryKey: ['flags'],
    queryFn: () => import('./flags'),
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  const flag = data?.flagOf(code);
  const name = countryName(code);
  return (
    <span className="country" title={name}>
      {flag === undefined ? (
        <span aria-hidden="true">{code}</span>
      ) : (
        <img src={flag} alt="" width="21" height="14" loading="lazy" />
      )}
      <span className="visually-hidden">{name}</span>
    </span>
  );
}
