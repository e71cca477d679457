using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Grpc.Core;

namespace Clearway.Storage.Recordings;

/// <summary>Why a call is not served: an expected outcome, with the stable code of the REST API.</summary>
/// <param name="Status">gRPC status.</param>
/// <param name="Code">Stable code, carried in the trailer <c>clearway-code</c>.</param>
/// <param name="Detail">English, for developers.</param>
internal sealed record Refusal(StatusCode Status, string Code, string Detail)
{
    /// <summary>A number the caller needs to go on, and the trailer that carries it.</summary>
    public (string Trailer, long Value)? Fact { get; private init; }

    public static Refusal RecordingIdMalformed { get; } =
        new(StatusCode.InvalidArgument, "recording_id_malformed", "A recording id has 26 characters of Crockford's base 32 in lower case.");

    public static Refusal RecordingTaken { get; } =
        new(StatusCode.AlreadyExists, "recording_taken", "The id belongs to a recording of another room or participant.");

    public static Refusal NotFound { get; } =
        new(StatusCode.NotFound, "not_found", "There is no such recording.");

    public static Refusal RecordingSealed { get; } =
        new(StatusCode.FailedPrecondition, "recording_sealed", "The recording is sealed.");

    public static Refusal RecordingOpen { get; } =
        new(StatusCode.FailedPrecondition, "recording_open", "The recording is not sealed yet.");

    public static Refusal RecordingMalformed { get; } =
        new(StatusCode.FailedPrecondition, "recording_malformed", "What was uploaded is not WebM.");

    public static Refusal UploadBusy { get; } =
        new(StatusCode.Aborted, "upload_busy", "Another write to the recording came first.");

    public static Refusal TooManyUploads { get; } =
        new(StatusCode.Unavailable, "unavailable", "Too many uploads are under way; try again.");

    public static Refusal StorageFull { get; } =
        new(StatusCode.ResourceExhausted, "storage_full", "There is no room for more of this recording.");

    public static Refusal Unavailable { get; } =
        new(StatusCode.Unavailable, "unavailable", "The blob store does not answer.");

    public static Refusal RecordingArchived { get; } =
        new(StatusCode.FailedPrecondition, "recording_archived", "The recording is being fetched from the archive; ask again in some hours.");

    public static Refusal QuotaExceeded { get; } =
        new(StatusCode.ResourceExhausted, "quota_exceeded", "The tenant's quota is used up.");

    public static Refusal UploadLength { get; } =
        new(StatusCode.InvalidArgument, "upload_length", "The upload's length is another, or the bytes go beyond it.");

    public static Refusal ChecksumUnsupported { get; } =
        new(StatusCode.InvalidArgument, "checksum_unsupported", "Checksums are sha1 or sha256.");

    public static Refusal ChecksumMismatch { get; } =
        new(StatusCode.DataLoss, "checksum_mismatch", "The bytes do not have the checksum that was announced; none were stored.");

    public static Refusal UploadKeyRefused { get; } =
        new(StatusCode.PermissionDenied, "upload_key_refused", "The upload key is forged or for another recording.");

    public static Refusal RoomForbidden { get; } =
        new(StatusCode.PermissionDenied, "room_forbidden", "The recording is of another room.");

    public static Refusal AddressRefused { get; } =
        new(StatusCode.PermissionDenied, "address_refused", "The link is for other addresses.");

    public static Refusal LinkRefused { get; } =
        new(StatusCode.PermissionDenied, "link_refused", "The link is forged or for another recording.");

    public static Refusal LinkExpired { get; } =
        new(StatusCode.PermissionDenied, "link_expired", "The link has expired.");

    /// <summary>A request that breaks the contract; <paramref name="detail"/> names what and never repeats the value.</summary>
    public static Refusal BadRequest(string detail) => new(StatusCode.InvalidArgument, "bad_request", detail);

    /// <summary>An upload that does not begin where the recording ends.</summary>
    public static Refusal UploadOffset(long expected) =>
        new(StatusCode.OutOfRange, "upload_offset", $"The next offset is {expected}.") { Fact = ("clearway-offset", expected) };

    /// <summary>A range that begins beyond the end.</summary>
    public static Refusal RangeNotSatisfiable(long size) =>
        new(StatusCode.OutOfRange, "range_not_satisfiable", $"The file has {size} bytes.") { Fact = ("clearway-size", size) };

    public RpcException ToException()
    {
        var trailers = new Metadata { { "clearway-code", Code } };
        if (Fact is { } fact)
        {
            trailers.Add(fact.Trailer, fact.Value.ToString(CultureInfo.InvariantCulture));
        }

        return new RpcException(new Status(Status, Detail), trailers);
    }
}

/// <summary>A value, or the reason why there is none.</summary>
internal readonly struct Outcome<T>
    where T : class
{
    private Outcome(T? value, Refusal? refusal) => (Value, Refusal) = (value, refusal);

    public T? Value { get; }

    public Refusal? Refusal { get; }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(null, refusal);

    /// <summary>Tells the two cases apart.</summary>
    public bool IsRefused([NotNullWhen(true)] out Refusal? refusal, [NotNullWhen(false)] out T? value)
    {
        (refusal, value) = (Refusal, Value);
        return refusal is not null;
    }
}
