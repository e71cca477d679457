using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Clearway.LoadTest.Wire;

namespace Clearway.LoadTest.Fuzz;

/// <summary>Frames that are nearly right: the examples of tests/wire, changed in their JSON, in their bytes, or in their framing.</summary>
internal sealed class Mutator
{
    private readonly Random _random;
    private readonly string[] _examples;
    private readonly string[] _types;
    private readonly string[] _targets;

    /// <param name="random">Makes every choice.</param>
    /// <param name="folder">The examples; those that a client sends are used.</param>
    /// <param name="targets">Ids of participants, in this room and in others.</param>
    internal Mutator(Random random, string folder, string[] targets)
    {
        _random = random;
        _targets = targets;

        // Leaving, and joining a second time, end the connection as they should: they are changed only now and then, by a change of type.
        _examples = [.. Directory.GetFiles(folder, "client.*.json").Order(StringComparer.Ordinal)
            .Where(file => !file.Contains("client.leave", StringComparison.Ordinal) && !file.Contains("client.join", StringComparison.Ordinal))
            .Select(File.ReadAllText)];
        _types = [.. _examples.Select(example => (string)JsonNode.Parse(example)!["type"]!).Distinct(), "leave", "join", "renew", "welcome", ""];
    }

    /// <summary>A whole frame, as it goes over the wire.</summary>
    internal byte[] Next() => _random.Next(100) switch
    {
        < 90 => Framing.Masked(Framing.Text, ChangedJson(), _random),
        < 96 => Framing.Masked(Framing.Text, ChangedBytes(ChangedJson()), _random),
        _ => ChangedFrame(Framing.Masked(Framing.Text, ChangedJson(), _random)),
    };

    /// <summary>JSON still, but with a member changed, missing, twice, or of another kind.</summary>
    private byte[] ChangedJson()
    {
        var json = JsonNode.Parse(_examples[_random.Next(_examples.Length)])!.AsObject();
        if (json.ContainsKey("target_id"))
        {
            json["target_id"] = _targets[_random.Next(_targets.Length)];
        }

        var name = json.ElementAt(_random.Next(json.Count)).Key;
        switch (_random.Next(10))
        {
            case 0:
                json.Remove(name);
                break;
            case 1 or 2 or 3:
                json[name] = Value();
                break;
            case 4:
                json[$"x{_random.Next(1000)}"] = Value();
                break;
            case 5:
                // Mostly another message's members; rarely one that ends the connection.
                json["type"] = _random.Next(20) == 0 ? _types[_random.Next(_types.Length)] : _types[_random.Next(_types.Length - 5)];
                break;
            case 6:
                var text = json.ToJsonString();
                return Encoding.UTF8.GetBytes(string.Create(
                    CultureInfo.InvariantCulture, $"{text[..^1]},\"{name}\":{Value()?.ToJsonString() ?? "null"}}}"));
            case 7:
                json["payload"] = Deep(_random.Next(1, 60));
                break;
            case 8:
                return Encoding.UTF8.GetBytes(json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
            default:
                json[name] = json.ElementAt(_random.Next(json.Count)).Value?.DeepClone();
                break;
        }

        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    private JsonNode? Value() => _random.Next(12) switch
    {
        0 => null,
        1 => JsonValue.Create(_random.NextDouble() * 1e300),
        2 => JsonValue.Create(_random.NextInt64(long.MinValue, long.MaxValue)),
        3 => JsonValue.Create(_random.Next(-2, 400)),
        4 => JsonValue.Create(true),
        5 => new JsonArray(1, "two", null),
        6 => new JsonObject { ["type"] = "offer" },
        7 => JsonValue.Create(new string((char)_random.Next(1, 0xd7ff), _random.Next(1, 3000))),
        8 => JsonValue.Create("\u202e\u0000\ud83d\udc4b<script>alert(1)</script>&amp;\r\n"),
        9 => JsonValue.Create(""),
        10 => JsonValue.Create(_targets[_random.Next(_targets.Length)]),
        _ => JsonValue.Create(_random.Next(200) == 0 ? new string('b', _random.Next(60_000, 70_000)) : "b"),
    };

    private static JsonNode Deep(int depth)
    {
        JsonNode node = new JsonArray();
        for (var level = 0; level < depth; level++)
        {
            node = new JsonArray(node);
        }

        return node;
    }

    private byte[] ChangedBytes(byte[] bytes)
    {
        var place = _random.Next(bytes.Length);
        switch (_random.Next(5))
        {
            case 0:
                bytes[place] ^= (byte)(1 << _random.Next(8));
                return bytes;
            case 1:
                return bytes[..place];
            case 2:
                return [.. bytes[..place], .. bytes[_random.Next(bytes.Length)..]];
            case 3:
                return [.. bytes[..place], (byte)_random.Next(256), (byte)_random.Next(256), .. bytes[place..]];
            default:
                return [.. bytes, .. bytes[place..]];
        }
    }

    private byte[] ChangedFrame(byte[] frame)
    {
        switch (_random.Next(9))
        {
            case 0:
                frame[0] = (byte)(frame[0] & 0xf0 | _random.Next(16)); // another opcode, reserved ones among them
                return frame;
            case 1:
                frame[0] |= (byte)(_random.Next(1, 8) << 4); // reserved bits
                return frame;
            case 2:
                frame[0] &= 0x7f; // no end; what follows is no continuation
                return frame;
            case 3:
                frame[1] &= 0x7f; // not masked
                return frame;
            case 4:
                frame[1] = (byte)(0x80 | _random.Next(128)); // another length
                return frame;
            case 5:
                return frame[.._random.Next(1, frame.Length)];
            case 6:
                return Framing.Masked((byte)_random.Next(8, 16), new byte[_random.Next(126, 300)], _random); // a long control frame
            case 7:
                var huge = new byte[14];
                (huge[0], huge[1]) = (0x81, 0xff);
                BinaryPrimitives.WriteInt64BigEndian(huge.AsSpan(2), _random.NextInt64());
                return huge;
            default:
                return Framing.Masked(Framing.Continuation, frame, _random);
        }
    }
}
