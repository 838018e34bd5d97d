/** A dump of the items Q1 to Q40, labelled `Name 1` and so on, as four bzip2 streams, one of them empty. */
export const BZIP2_DUMP = Buffer.from(
  "QlpoOTFBWSZTWUXRSlAAAR/fgAAQUAR/8AABIAo+r98qMAFYAGGRpppkYTIwTQGDDI000yMJkYJoDAmqUVPCmmTelA09RkbU" +
    "aeU5e6XkXmXHjnv7vh3+Hx8dvQu8uZZF0E1L6RbKrC6loWhYWhYWFhcNttttttttuHaXOLC8otCwtbnn3zTTMzMzMzMzMzMz" +
    "WlVu5UXlRepf4sLcXUvMtS6F+i3F+C1LQvQuJdC9i6l/Cwt8XEuhdxepd5bi1LQt5dS4FuLeWF7FhcC/sWFhYXiWkWhaF1LC" +
    "7Fhby4FvLkXYvAtS95dxcYti0LkW8tC8S+0XYvOXMs3F/xdyRThQkEXRSlBCWmg5MUFZJlNZc00iuwAApF+AABBQBH/wAAEg" +
    "Cj6v3yowAVgAYZGmmmRhMjBNAYMMjTTTIwmRgmgMCapRTCJjakGTRkbUaek1LyL0Lj19ny7e7v5d/Lr9S7S8yyLnE1L6RbKr" +
    "C6FoWhYWhZLCwuFttttttttt2/EvOLC8YtJYXdX38szMzMzMzMzhrZrrmZmkdRVXCS85L2L/FhdRdC9C1LmX6LcX4LUtC9S4" +
    "lzL3LpL+Fhb4uJcy7C9i7S3FqWkt5dC4S3Fvlhe5YXAv6lhYWFyLSLQtJdCwvgsLeXhxLgWkviXcWpdZdkuKWxaF4FvLQuRe" +
    "MXwXpL1LcX/F3JFOFCQc00iuwEJaaDkXckU4UJAAAAAAQlpoOTFBWSZTWXUW0ZkAAfvfgAAQUAR/8AABIAo+r98qQAGuswAS" +
    "UoGfqoz1NCBoaANMNP1VU/1RDBGmJgJkyMDDI000yMJkYJoDAUqJTyIgzUD1Aepsmp5S7/rEHMQYiDdVXFk7bJ2tttt9xBUI" +
    "OggwR0pTRH1I9FLCO6MoyiQg0CCSQSEEhBRERERFE5tttu4QXkqRKk1yVJ6VUiVJixRU27AAMtl2AABdl3dgAAYakqXCRxwR" +
    "j8JHqj/IwjVHZH7RojmjkjVH6RojKOSN6OaOqO1HRGEbEb0dEeSOaPejVGiM0bI7I3Uao2owjqjCNyOsjCMIwjzRkjKM0dkY" +
    "R3RhGyNyNkcEd6PgjRHijyo3yPRGUcEbIyjzRxI4o/lHJGqP+LuSKcKEg6i2jMg=",
  "base64",
);
