"""The line drawings of the site: 24 units square, drawn for this project, coloured by the text around them."""

DRAWINGS = {
    # Signs of the interface
    "arrow": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "previous": '<path d="M19 12H5M11 6l-6 6 6 6"/>',
    "next": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "chevron": '<path d="m6 9.5 6 6 6-6"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "check": '<path d="M4 12.5 9.5 18 20 6.5"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "download": '<path d="M12 4v11M7 10.5l5 5 5-5M4.5 20h15"/>',
    "external": '<path d="M9 5H5v14h14v-4M13 5h6v6M19 5l-9 9"/>',
    "play": '<path d="M8 5v14l11-7z"/>',
    "rss": '<path d="M5 11a8 8 0 0 1 8 8M5 5a14 14 0 0 1 14 14"/><circle cx="6" cy="18" r="1"/>',
    "message": '<path d="M4 5h16v11H11l-5 4v-4H4zM8 9h8M8 12h5"/>',
    "mail": '<path d="M3.5 6h17v12.5h-17zM4 6.5l8 6.5 8-6.5"/>',
    "pin": '<path d="M12 21c-4-4.5-6.5-7.8-6.5-11a6.5 6.5 0 0 1 13 0c0 3.2-2.5 6.5-6.5 11z"/>'
    '<circle cx="12" cy="10" r="2.25"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.2"/>',
    "warning": '<path d="M12 3.5 22 20.5H2zM12 10v4.5M12 17.2v.3"/>',
    # Subjects: the choices of a card's drawing
    "people": '<circle cx="8" cy="8" r="3"/><circle cx="17" cy="9" r="2.5"/>'
    '<path d="M2.5 20c0-4 2.5-6.5 5.5-6.5s5.5 2.5 5.5 6.5M14.5 14c3.5-1 7 1 7 6"/>',
    "scales": '<path d="M12 4v16M7 20h10M4 8h16M4 8l-2.5 6h5zM20 8l-2.5 6h5zM12 4l4 1.5M12 4 8 5.5"/>',
    "talk": '<path d="M3 5h11v8H8l-3 3v-3H3zM10 16v1h6l3 3v-3h2V9h-4"/>',
    "coin": '<circle cx="12" cy="12" r="8.5"/>'
    '<path d="M12 7v10M14.5 9c-1-1.2-5-1.2-5 .8 0 2.2 5 1.8 5 4.2 0 2-4 2-5.2.6"/>',
    "cycle": '<path d="M4 12a8 8 0 0 1 13.5-5.8M17.5 2.5v4h-4M20 12a8 8 0 0 1-13.5 5.8M6.5 21.5v-4h4"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 21c0-5 3.5-7.5 8-7.5s8 2.5 8 7.5M9.5 18l2 2 3.5-4"/>',
    "house": '<path d="M3 20h18M5 20V10M10 20V10M14 20V10M19 20V10M2.5 10 12 4l9.5 6z"/>',
    "book": '<path d="M12 6.5C9.5 4.8 6.5 4.5 3 5v13.5c3.5-.5 6.5-.2 9 1.5 2.5-1.7 5.5-2 9-1.5V5'
    'c-3.5-.5-6.5-.2-9 1.5zM12 6.5V20"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 10.5h16M8 3.5V8M16 3.5V8M8 14h.2M12 14h.2M16 14h.2M8 17h.2M12 17h.2"/>',
    "phone": '<path d="M6 3h3l2 5-2.5 1.8a12 12 0 0 0 5.7 5.7L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6'
    'a3 3 0 0 1 3-3z"/>',
    "map": '<path d="m3 6.5 6-2.5 6 2.5 6-2.5v13.5l-6 2.5-6-2.5-6 2.5zM9 4v13.5M15 6.5V20"/>',
    "heart": '<path d="M12 20.5C6.5 16.5 3 13 3 9a4.75 4.75 0 0 1 9-2.2A4.75 4.75 0 0 1 21 9c0 4-3.5 7.5-9 11.5z"/>',
}
