namespace Clearway.Chat;

/// <summary>Every log event of the chat service: 3000-3099 history, 3100-3199 predictive text. Never a text, typed or sent.</summary>
internal static partial class ChatLog
{
    [LoggerMessage(3000, LogLevel.Information, "The chat history's schema is up to date; {Applied} migrations were applied.")]
    public static partial void SchemaReady(ILogger logger, int applied);

    [LoggerMessage(3001, LogLevel.Warning, "The chat history's schema cannot be brought up to date yet; next try in {DelaySeconds} s.")]
    public static partial void SchemaDelayed(ILogger logger, double delaySeconds, Exception exception);

    [LoggerMessage(3002, LogLevel.Error, "The chat history's database failed.")]
    public static partial void DatabaseFailed(ILogger logger, Exception exception);

    [LoggerMessage(3003, LogLevel.Debug, "{Messages} messages were stored.")]
    public static partial void Stored(ILogger logger, int messages);

    [LoggerMessage(3100, LogLevel.Information, "Predictive text knows {Words} words.")]
    public static partial void WordsLoaded(ILogger logger, int words);

    [LoggerMessage(3101, LogLevel.Information, "Learned words were forgotten on request; of the whole tenant: {WholeTenant}, one word alone: {OneWord}.")]
    public static partial void WordsForgotten(ILogger logger, bool wholeTenant, bool oneWord);
}
