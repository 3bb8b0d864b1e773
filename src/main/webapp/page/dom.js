/**
 * Makes elements. Texts become text nodes, never markup: cards and problems come from others.
 *
 * @module
 */

/**
 * An element.
 *
 * @param {string} name
 * @param {Record<string, any>} [attributes] names that begin with `on` are listeners; `undefined` and `false` are left out
 * @param {...(Node | string | undefined)} children
 */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
    } else if (value === true) {
      element.setAttribute(key, '');
    } else if (value !== undefined && value !== false) {
      element.setAttribute(key, String(value));
    }
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** The element with this id. */
export function byId(id) {
  return document.getElementById(id);
}

/** A check code as it is shown: its beginning; all of it in the tooltip. */
export function codeOf(checkCode) {
  return el('code', { title: checkCode ?? '' }, checkCode === undefined ? '–' : `${checkCode.slice(0, 12)}…`);
}

/** Calls `work` once in the next frame, however often it is asked. */
export function perFrame(work) {
  let isAsked = false;
  return () => {
    if (!isAsked) {
      isAsked = true;
      // A page in the background has no frames.
      const go = () => {
        if (isAsked) {
          isAsked = false;
          work();
        }
      };
      requestAnimationFrame(go);
      setTimeout(go, 250);
    }
  };
}
