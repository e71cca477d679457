using System.Text.Json;

namespace Clearway.Signaling.Rooms;

/// <summary>Orders about one medium.</summary>
/// <param name="All">Whether those who are neither organizer nor moderator are locked, whoever comes later included.</param>
/// <param name="Of">Whom an order of their own locks, or exempts.</param>
internal sealed record MediumOrders(bool All, IReadOnlyDictionary<string, bool> Of);

/// <summary>What moderators ordered and what still holds, as Redis has it.</summary>
/// <param name="Speaker">Whom everybody shows large; empty for nobody in particular.</param>
/// <param name="SpeakerBy">Who ordered that, or the return to nobody; the speaker, who left; empty before the first order.</param>
/// <param name="Audio">Locked microphones.</param>
/// <param name="Video">Locked cameras.</param>
/// <param name="Kicked">Who may not come back, and by whose order.</param>
/// <param name="Barred">Invitations by which nobody comes straight in any more, since somebody who came by them was kicked.</param>
internal sealed record RoomOrders(
    string Speaker,
    string SpeakerBy,
    MediumOrders Audio,
    MediumOrders Video,
    IReadOnlyDictionary<string, string> Kicked,
    IReadOnlyDictionary<string, bool>? Barred = null)
{
    internal static readonly RoomOrders None = Parse(
        """{"speaker":"","speaker_by":"","audio":{"all":false,"of":{}},"video":{"all":false,"of":{}},"kicked":{}}""");

    /// <summary>Reads what the scripts wrote.</summary>
    internal static RoomOrders Parse(string text) => text.Length == 0 ? None : JsonSerializer.Deserialize(text, RosterJson.Default.RoomOrders)!;

    internal string ToText() => JsonSerializer.Serialize(this, RosterJson.Default.RoomOrders);
}

/// <summary>The orders and the revision of the newest among them; 0 before the first.</summary>
internal readonly record struct OrdersState(RoomOrders Orders, long Revision);
