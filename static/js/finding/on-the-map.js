/** Links to the map page; apart from the map, which weighs more than a page that only leads there. */

export const ZOOM = 16;

/** The map page with this place open. @param {import('../types.js').Place} place */
export const onTheMap = ({ id, at: [lat, lng] }) => `/map?place=${id}&at=${lat},${lng},${ZOOM}`;
