using Clearway.Storage.Recordings;

namespace Clearway.Storage;

/// <summary>Every log event of this service. Links, signatures and titles are never logged.</summary>
internal static partial class LogCatalogue
{
    [LoggerMessage(4001, LogLevel.Information, "Recording {RecordingId} ({Kind}) created in room {Room} by {RecordedBy}.")]
    public static partial void Created(ILogger log, RecordingId recordingId, string kind, RoomId room, ParticipantId recordedBy);

    [LoggerMessage(4002, LogLevel.Debug, "Recording {RecordingId} grew from {From} to {To} bytes.")]
    public static partial void Appended(ILogger log, RecordingId recordingId, long from, long to);

    [LoggerMessage(4003, LogLevel.Warning, "Upload to recording {RecordingId} at offset {Offset} was cut; storing up to {Bytes} bytes.")]
    public static partial void UploadCut(ILogger log, RecordingId recordingId, long offset, long bytes);

    [LoggerMessage(4004, LogLevel.Information, "Recording {RecordingId} sealed: {SizeBytes} bytes, {Duration} long.")]
    public static partial void Sealed(ILogger log, RecordingId recordingId, long sizeBytes, TimeSpan duration);

    [LoggerMessage(4005, LogLevel.Warning, "Recording {RecordingId} of {SizeBytes} bytes cannot be sealed: {Reason}")]
    public static partial void SealFailed(ILogger log, RecordingId recordingId, long sizeBytes, string reason);

    [LoggerMessage(4006, LogLevel.Error, "The blob store failed with status {Status}, code {ErrorCode}.")]
    public static partial void StoreFailed(ILogger log, Exception failure, int status, string? errorCode);

    [LoggerMessage(4007, LogLevel.Warning, "The container {Container} cannot be created yet; trying again in {Delay}.")]
    public static partial void ContainerDelayed(ILogger log, Exception failure, string container, TimeSpan delay);

    [LoggerMessage(4009, LogLevel.Information, "Recording {RecordingId} removed, {SizeBytes} bytes freed.")]
    public static partial void Removed(ILogger log, RecordingId recordingId, long sizeBytes);

    [LoggerMessage(4010, LogLevel.Information, "Policy: {Due} of recording {RecordingId} done.")]
    public static partial void Swept(ILogger log, RecordingId recordingId, Due due);

    [LoggerMessage(4011, LogLevel.Warning, "Policy for recording {RecordingId} could not be carried out; the next round tries again.")]
    public static partial void SweepFailed(ILogger log, Exception failure, RecordingId recordingId);

    [LoggerMessage(4012, LogLevel.Warning, "The round of policies broke off; the next one starts over.")]
    public static partial void SweepBroken(ILogger log, Exception failure);

    [LoggerMessage(4008, LogLevel.Information, "The container {Container} is there.")]
    public static partial void ContainerReady(ILogger log, string container);
}
