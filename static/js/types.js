/**
 * Shapes that cross the wire, as the server documents them (`/api/openapi.json`, PROTOCOL.md).
 *
 * @typedef {[number, number]} LatLng  degrees, WGS84
 * @typedef {{id: string, name: string}} PersonRef
 *
 * @typedef {object} SessionPerson
 * @property {string} id
 * @property {string} name
 * @property {'member' | 'guest'} kind
 * @property {string} [username]
 * @property {string | null} [photo]  of members, once it is known
 * @property {boolean} admin
 *
 * @typedef {object} RoomPerson
 * @property {string} id
 * @property {string} name
 * @property {'member' | 'guest' | 'viewer'} kind
 * @property {boolean} host
 * @property {'off' | 'on' | 'muted'} voice
 * @property {boolean} away
 *
 * @typedef {{id: number, name: string, at: LatLng, category: string | null, address: string | null}} Place
 *
 * @typedef {object} ShareMap
 * @property {string} id
 * @property {string} url  absolute
 * @property {string} title
 * @property {PersonRef} host
 * @property {boolean} require_account
 * @property {number} expires_at  ms
 *
 * @typedef {'waiting' | 'on_air' | 'interrupted' | 'ended'} LiveState
 *
 * @typedef {object} Live
 * @property {string} id
 * @property {string} title
 * @property {PersonRef & {username?: string, photo?: string | null}} host
 * @property {Place | null} place
 * @property {LiveState} state
 * @property {number} viewers
 * @property {number} [peak_viewers]
 * @property {number | null} [started_at]
 * @property {number | null} [ended_at]
 * @property {string | null} [snapshot]  address of a picture of it
 * @property {boolean} [recorded]  its host wants it kept
 * @property {string | null} [recording]  address of its video
 *
 * @typedef {{id: string, from: PersonRef, text: string, at: number}} ChatLine
 *
 * @typedef {object} Nominee
 * @property {string} id
 * @property {string} name
 * @property {LatLng} at
 * @property {number | null} [place_id]
 * @property {string | null} [category]
 * @property {string} by
 * @property {string} [by_name]  what they were called then
 *
 * @typedef {object} Ballot
 * @property {number} round
 * @property {'open' | 'closed'} phase
 * @property {Nominee[]} nominees
 * @property {string[]} done
 * @property {{counts: Record<string, number>, winners: string[], voters: number} | null} result
 *
 * @typedef {{at?: LatLng | null, view?: [number, number, number]}} Presence
 *
 * @typedef {object} Joined
 * @property {'joined'} type
 * @property {string} room
 * @property {number} now
 * @property {{id: string, name: string, kind: 'member' | 'guest' | 'viewer', host: boolean, moderator: boolean}} you
 * @property {string} title
 * @property {number | null} expires_at
 * @property {boolean} require_account
 * @property {RoomPerson[]} people
 * @property {Record<string, Presence>} presence
 * @property {ChatLine[]} chat
 * @property {Ballot | null} ballot
 * @property {string[]} mine
 * @property {Live | null} live
 * @property {StageState | null} [stage]
 * @property {IceServer[]} ice_servers  for the voice
 *
 * @typedef {object} StageState  of a live
 * @property {(PersonRef & {state: 'invited' | 'accepted', muted: boolean})[]} guests
 * @property {(string | null)[]} places  who is seen where
 *
 * @typedef {{urls: string[], username: string, credential: string}} IceServer  a TURN server
 *
 * @typedef {object} Ticket
 * @property {'embedded' | 'openvidu2' | 'livekit' | 'hls'} kind
 * @property {string} url
 * @property {string} token
 * @property {number} expires_at
 * @property {IceServer[]} ice_servers
 *
 * @typedef {object} Config
 * @property {string} name
 * @property {string} version
 * @property {{kind: 'none' | 'raster' | 'pmtiles', url: string | null, attribution: string | null, max_zoom: number}} tiles
 * @property {LatLng} center
 * @property {number} zoom
 * @property {number} nominees_max
 * @property {{kind: string, slots: number, simulcast: boolean, negotiation: 'sdp' | 'token', mute: boolean}} media  `slots` 0: all voices
 * @property {boolean} signup_open
 * @property {boolean} recordings  hosts may have their lives recorded
 * @property {{ai: boolean, vision: boolean, photos_max: number}} drafts
 * @property {{provider: string, attribution: string, as_you_type: boolean}} place_search  `own`: nobody outside
 * @property {{provider: string, name: string}[]} sign_in
 *
 * Photos and posts:
 *
 * @typedef {{id: string, width: number, height: number, urls: Record<string, string>}} PictureView
 *   the size is the original's; addresses of WebP files by their longest side
 *
 * @typedef {'private' | 'friends' | 'public'} Visibility
 * @typedef {'own' | 'ai' | 'ai_edited' | 'template'} TextOrigin
 * @typedef {{id: string, name: string, username: string, photo: string | null}} AuthorView
 * @typedef {{name: string, price: number | null, text: string, photo: PictureView | null, main: boolean}} MenuView
 *
 * @typedef {object} PostView
 * @property {number} id
 * @property {AuthorView} author
 * @property {boolean} mine
 * @property {Place} place
 * @property {string} category
 * @property {number | null} rating  1–5
 * @property {Visibility} visibility
 * @property {string} text
 * @property {TextOrigin} text_origin
 * @property {string | null} eaten_on  YYYY-MM-DD
 * @property {MenuView[]} menus
 * @property {number} created_at  ms
 * @property {number} updated_at  ms
 *
 * @typedef {object} CardView  a post in a list
 * @property {number} id
 * @property {AuthorView} author
 * @property {boolean} mine
 * @property {Place} place
 * @property {string} category
 * @property {number | null} rating
 * @property {Visibility} visibility
 * @property {string} excerpt
 * @property {TextOrigin} text_origin
 * @property {string | null} eaten_on
 * @property {string} menu  the main one
 * @property {number | null} price
 * @property {PictureView[]} photos  the main menu's first
 * @property {number} created_at  ms
 *
 * @typedef {{oneself: boolean, follows: boolean, followed: boolean, friends: boolean, blocks: boolean}} Bond
 *   you to them: you follow, they follow, both; you blocked them
 *
 * @typedef {object} Someone  a member in a list
 * @property {string} id
 * @property {string} username
 * @property {string} name
 * @property {string | null} photo  address of a small picture of their face
 * @property {Bond} bond
 *
 * @typedef {Someone & {bio: string, posts: number, followers: number, followings: number}} Profile
 *
 * @typedef {object} Account  one's own
 * @property {string} id
 * @property {string} username
 * @property {string} name
 * @property {string} bio
 * @property {string | null} photo
 * @property {string | null} photo_id
 * @property {boolean} admin
 * @property {boolean} has_password
 * @property {{provider: string, linked_at: number}[]} identities  sign-ins elsewhere
 * @property {number} created_at  ms
 *
 * Finding:
 *
 * @typedef {object} PlacePage
 * @property {Place} place
 * @property {number} count  records that one may see
 * @property {number | null} rating  the mean of their stars
 * @property {{photo: PictureView, post_id: number}[]} photos
 * @property {Live[]} lives  on and past, newest first
 * @property {string | null} next_lives
 *
 * @typedef {object} Cluster  what the map shows of places that stand close together
 * @property {LatLng} at
 * @property {[number, number, number, number]} box  south, west, north, east
 * @property {number} count
 * @property {number} lives
 * @property {string | null} snapshot  address of a picture of one of them
 * @property {Place | null} place  when it is only one
 */
export {};
