using System.Collections.Frozen;
using System.Text.Json;

namespace Clearway.Signaling.Protocol;

/// <summary>Orders, most of them of organizers and moderators; on the wire in capitals, as <c>START_RECORD</c>.</summary>
internal enum ControlCommand
{
    StartRecord,
    StopRecord,
    RecordOwnTrack,
    SetSpeaker,
    ResetSpeaker,
    MuteAudio,
    MuteVideo,
    GlobalMuteAudio,
    GlobalMuteVideo,
    AllowAudio,
    AllowVideo,
    KickPeer,
    SetPause,
    ResumeConference,
    LockRoom,
    Extend,
    Admit,
    Deny,
    EndRoom,
}

/// <summary>The commands' names on the wire.</summary>
internal static class ControlCommandNames
{
    private static readonly FrozenDictionary<ControlCommand, string> Names =
        Enum.GetValues<ControlCommand>().ToFrozenDictionary(command => command, Convert);

    private static readonly FrozenDictionary<string, ControlCommand> Commands =
        Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    internal static string Text(this ControlCommand command) => Names[command];

    /// <summary>The command of a name; null when the protocol has none such.</summary>
    internal static ControlCommand? Of(string name) => Commands.TryGetValue(name, out var command) ? command : null;

    private static string Convert(ControlCommand command) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(command.ToString());
}
