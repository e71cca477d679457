namespace StackExchange.Redis;

/// <summary>Members of <see cref="RedisChannel"/> that came after version 1.</summary>
public static class RedisChannelNames
{
    extension(RedisChannel)
    {
        /// <summary>A channel of exactly this name.</summary>
        public static RedisChannel Literal(string value) => new(value, RedisChannel.PatternMode.Literal);

        /// <summary>A channel of exactly this name.</summary>
        public static RedisChannel Literal(byte[] value) => new(value, RedisChannel.PatternMode.Literal);

        /// <summary>All channels whose name matches this glob.</summary>
        public static RedisChannel Pattern(string value) => new(value, RedisChannel.PatternMode.Pattern);

        /// <summary>All channels whose name matches this glob.</summary>
        public static RedisChannel Pattern(byte[] value) => new(value, RedisChannel.PatternMode.Pattern);
    }
}
