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

    [LoggerMessage(3004, LogLevel.Information, "{Lines} lines were deleted, for their time is over.")]
    public static partial void LinesDeleted(ILogger logger, long lines);

    [LoggerMessage(3005, LogLevel.Information, "{Files} files were deleted that no message announces.")]
    public static partial void FilesDeleted(ILogger logger, int files);

    [LoggerMessage(3006, LogLevel.Warning, "A round of the chat history's janitor broke off.")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(3007, LogLevel.Information, "File {File} of {Bytes} bytes was stored.")]
    public static partial void FileStored(ILogger logger, Guid file, long bytes);

    [LoggerMessage(3008, LogLevel.Error, "The blob storage of files failed.")]
    public static partial void BlobsFailed(ILogger logger, Exception exception);

    [LoggerMessage(3100, LogLevel.Information, "Predictive text knows {Words} words.")]
    public static partial void WordsLoaded(ILogger logger, int words);

    [LoggerMessage(3101, LogLevel.Information, "Learned words were forgotten on request; of the whole tenant: {WholeTenant}, one word alone: {OneWord}.")]
    public static partial void WordsForgotten(ILogger logger, bool wholeTenant, bool oneWord);
}
