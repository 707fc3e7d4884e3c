-- Purpose:  checks the characters of a text that people read: none is invisible, reorders the text around it or has no
--           defined meaning. As FreeformClass of RFC 8264, but characters that Unicode has not assigned yet are
--           allowed, because new emoji come every year.
-- Args:     p_text.
-- Returns:  NULL when it is valid; otherwise what is wrong, to follow the name of a field, with the first such
--           character and its position (from 1). Allowed where they have an effect: joiners between letters of Arabic,
--           Indic and other joining scripts and in emoji, variation selectors after emoji, Chinese characters and
--           Mongolian letters, and the tags of the three flags that use them. In a database that is not UTF8 only
--           control characters are found: the others have no fixed code there.
-- Locks:    none.
CREATE OR REPLACE FUNCTION internal.text_problem(p_text text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    IF p_text !~ '[^ -~]' THEN
        RETURN NULL;
    END IF;
    IF getdatabaseencoding() <> 'UTF8' THEN
        RETURN CASE
            WHEN p_text ~ '[\x01-\x1F\x7F]'
                THEN format(
                    'has a control character at character %s: remove it', regexp_instr(p_text, '[\x01-\x1F\x7F]')
                )
        END;
    END IF;
    -- One quick check for everything that can be wrong: names in most languages need no other.
    IF p_text !~ (
        '[\u0001-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202E'
        '\u205F-\u206F\u2800\u3164\uE000-\uF8FF\uFDD0-\uFDEF\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFC\uFFFE\uFFFF'
        '\U00013430-\U0001343F\U00016FE4\U0001BCA0-\U0001BCA3'
        '\U0001D159\U0001D173-\U0001D17A\U0001FFFE\U0001FFFF\U0002FFFE\U0002FFFF\U0003FFFE-\U0010FFFF]'
    ) THEN
        RETURN NULL;
    END IF;
    DECLARE
        -- Code points instead of classes such as [[:cntrl:]], which differ between locales and versions.
        c_control  CONSTANT text := '\u0001-\u001F\u007F-\u009F';
        c_reorders CONSTANT text := '\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069';
        c_lines    CONSTANT text := '\u2028\u2029';
        c_thin     CONSTANT text := '\u2000-\u200A\u205F';  -- spaces that are hard to see
        c_private  CONSTANT text := '\uE000-\uF8FF\U000F0000-\U0010FFFF';
        c_none     CONSTANT text := '\uFDD0-\uFDEF\uFFFE\uFFFF'
            '\U0001FFFE\U0001FFFF\U0002FFFE\U0002FFFF\U0003FFFE\U0003FFFF'
            '\U0004FFFE\U0004FFFF\U0005FFFE\U0005FFFF\U0006FFFE\U0006FFFF\U0007FFFE\U0007FFFF\U0008FFFE\U0008FFFF'
            '\U0009FFFE\U0009FFFF\U000AFFFE\U000AFFFF'
            '\U000BFFFE\U000BFFFF\U000CFFFE\U000CFFFF\U000DFFFE\U000DFFFF\U000EFFFE\U000EFFFF';
        -- Default_Ignorable_Code_Point except those above and below, and characters with an empty glyph.
        c_hidden   CONSTANT text := '\u00AD\u034F\u115F\u1160\u17B4\u17B5\u180E\u200B\u2060-\u2065\u206A-\u206F'
            '\u2800\u3164\uFE03-\uFE0D\uFEFF\uFFA0\uFFF0-\uFFFC\U00013430-\U0001343F\U00016FE4'
            '\U0001BCA0-\U0001BCA3\U0001D159\U0001D173-\U0001D17A\U000E0000-\U000E00FF\U000E01F0-\U000E0FFF';
        c_emoji    CONSTANT text := '\u2190-\u2BFF\U0001F300-\U0001FAFF';  -- which joiners connect
        c_pictures CONSTANT text := '\u00A9\u00AE\u203C\u2049\u2122\u2139\u2190-\u2BFF\u3030\u303D\u3297\u3299'
            '\U0001F000-\U0001FAFF';
        c_chinese  CONSTANT text := '\u3005-\u3007\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\U00020000-\U0003FFFD';
        -- Letters and marks of the scripts that use joiners: Arabic, Syriac, N'Ko and similar ones, Indic, Myanmar,
        -- Khmer, Mongolian, Javanese, Brahmi and its relatives.
        c_joining  CONSTANT text := '\u0620-\u06DC\u06DE-\u085F\u0860-\u0DFF\u0F40-\u0FBC\u1000-\u109F\u1780-\u17B3'
            '\u17B6-\u17D3\u1820-\u18AA\u1B00-\u1BFF\uA840-\uA873\uA8E0-\uA8FF\uA980-\uA9DF\uABC0-\uABFF'
            '\uFB50-\uFDCF\uFDF0-\uFDFF\uFE70-\uFEFC\U00010A00-\U00010AFF\U00010D00-\U00011FFF';
        v_text text := p_text;
        v_at   integer;
        v_code text;
    BEGIN
        IF v_text ~ '[\U000E0020-\U000E007F]' THEN
            -- The flags of England, Scotland and Wales: seven characters each, all but the first invisible.
            v_text := regexp_replace(
                v_text,
                '\U0001F3F4\U000E0067\U000E0062'
                '(?:\U000E0065\U000E006E\U000E0067|\U000E0073\U000E0063\U000E0074|\U000E0077\U000E006C\U000E0073)'
                '\U000E007F',
                repeat(chr(127988), 7), 'g'
            );
        END IF;
        v_at := regexp_instr(
            v_text,
            '[' || c_control || c_reorders || c_lines || c_thin || c_private || c_none || c_hidden || ']'
            -- ZWNJ between letters; ZWJ there or between emoji.
            || '|(?<![' || c_joining || '])\u200C|\u200C(?![' || c_joining || '])'
            || '|(?<![' || c_joining || c_emoji || '\uFE0F])\u200D'
            || '|(?<=[' || c_joining || '])\u200D(?![' || c_joining || '])'
            || '|(?<=[' || c_emoji || '\uFE0F])\u200D(?![' || c_emoji || '])'
            -- Variation selectors: of emoji (after a digit only in a keycap), Chinese characters, Mongolian letters.
            || '|(?<![' || c_pictures || '0-9#*])[\uFE0E\uFE0F]|(?<=[0-9#*])\uFE0E|(?<=[0-9#*])\uFE0F(?!\u20E3)'
            || '|(?<![' || c_chinese || '])[\uFE00-\uFE02\U000E0100-\U000E01EF]'
            || '|(?<![\u1820-\u18AA])[\u180B-\u180D\u180F]'
        );
        IF v_at = 0 THEN
            RETURN NULL;
        END IF;
        v_code := substr(p_text, v_at, 1);
        RETURN format(
            'has %s at character %s, %s', internal.code_point(v_code), v_at,
            CASE
                WHEN v_code ~ ('[' || c_control || ']') THEN 'a control character: remove it'
                WHEN v_code ~ ('[' || c_reorders || ']') THEN 'which changes the direction of text: remove it'
                WHEN v_code ~ ('[' || c_lines || ']') THEN 'which ends the line: remove it'
                WHEN v_code ~ ('[' || c_thin || ']') THEN 'a space that is hard to see: use an ordinary one'
                WHEN v_code ~ ('[' || c_private || c_none || ']') THEN 'which has no defined meaning: remove it'
                WHEN v_code ~ '[\u180B-\u180F\u200C\u200D\uFE00-\uFE0F\U000E0100-\U000E01EF]'
                    THEN 'which is invisible and has no effect there: remove it'
                ELSE 'which is invisible: remove it'
            END
        );
    END;
END
$$;

COMMENT ON FUNCTION internal.text_problem(text) IS 'What is wrong with the characters of a text; NULL: it is valid.';
